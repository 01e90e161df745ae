import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  discardDeadLetters,
  exportDeadLetters,
  importDeadLetters,
  queryDeadLetters,
  readDeadLetter,
  replayDeadLetter,
} from '../../src/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'
import { letterLine } from './lines.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const exported = () => Array.fromAsync(exportDeadLetters(room.client, room.keys))
const imported = (lines: readonly string[]) => importDeadLetters(room.client, room.keys, lines)

describe('an export of dead letters', () => {
  it('brings them back as they were: they are found and replayed as before', async () => {
    room.failing.add('a')
    const input = { big: '12345678901234567890', list: [], text: 'é\n"~"' }
    const id = await room.submit(plan([job('a', [], { with: input }), job('b', ['a'])]))
    await room.settled(id)
    const letter = `default~${id}.a`
    const before = await readDeadLetter(room.client, room.keys, letter)
    const lines = await exported()
    await discardDeadLetters(room.client, room.keys, [letter])
    expect(await imported(lines)).toMatchObject({ imported: 1, refused: 0 })
    const after = await readDeadLetter(room.client, room.keys, letter)
    expect({ ...after, place: before?.place }).toEqual(before)
    expect((await queryDeadLetters(room.client, room.keys, { workflow: id, text: 'a FAILS' })).letters).toHaveLength(1)
    room.failing.clear()
    expect(await replayDeadLetter(room.client, room.keys, letter)).toBe('replayed')
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 2 } })
  })

  it('may be imported again, and changes nothing then', async () => {
    const lines = [letterLine('a'), '', letterLine('b')]
    expect(await imported(lines)).toMatchObject({ imported: 2, there: 0 })
    expect(await imported(lines)).toMatchObject({ imported: 0, there: 2 })
    expect(await imported(await exported())).toMatchObject({ imported: 0, there: 2 })
  })

  it('keeps numbers that JavaScript would round', async () => {
    const line = letterLine('a').replace('"needs":{}', '"needs":{},"with":{"n":12345678901234567890}')
    await imported([line])
    expect((await exported())[0]).toContain('12345678901234567890')
  })
})

describe('an import', () => {
  it('refuses what is no dead letter, by line, and takes the rest', async () => {
    const report = await imported([
      letterLine('a'),
      '{',
      '',
      '{"id":"default~x","letter":{}}',
      letterLine('b').replace('default~', 'other~'),
      letterLine('c', { failedAt: 'yesterday' }),
      letterLine('d'),
    ])
    expect(report).toMatchObject({ imported: 2, refused: 4 })
    expect(report.problems.map(({ line, problem }) => [line, problem.slice(0, 24)])).toEqual([
      [2, expect.stringContaining('is not JSON')],
      [4, 'is no dead letter: lette'],
      [5, 'is no dead letter: its i'],
      [6, 'is no dead letter: lette'],
    ])
    expect(report.problems[3]?.problem).toContain('letter.failedAt')
  })

  it('leaves out letters whose jobs are not dead any more', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a')]))
    await room.settled(id)
    const lines = await exported()
    room.failing.clear()
    await replayDeadLetter(room.client, room.keys, `default~${id}.a`)
    await room.settled(id)
    expect(await imported(lines)).toMatchObject({ imported: 0, alive: 1 })
  })
})
