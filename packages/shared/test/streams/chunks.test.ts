import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendChunks, connectBroker, poolKeys } from '../../src/index.ts'
import { CHUNK_LIMITS, readChunks } from '../../src/streams/chunks.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import { attemptsOf } from '../checkpoints/attempts.ts'

const keys = poolKeys(freshNamespace())
let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const read = async (workflow: string) => await Array.fromAsync(readChunks(client, keys, workflow)())
const texts = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `${from + index}`)

describe('the chunks of a workflow', () => {
  it('are read from the beginning, numbered, in order, and the next call goes on', async () => {
    const locked = await attemptsOf(client, keys, 'all').begin()
    await appendChunks(client, keys, locked, texts(450), CHUNK_LIMITS, () => 7)
    const next = readChunks(client, keys, 'all')
    const first = await Array.fromAsync(next())
    expect(first.map(({ chunk }) => chunk)).toEqual(Array.from({ length: 450 }, (_, index) => index + 1))
    expect(first[2]).toEqual({ kind: 'chunk', number: 3, job: 'a', attempt: 1, at: 7, chunk: 3 })
    expect(await Array.fromAsync(next())).toEqual([])
    await appendChunks(client, keys, locked, ['{"more":[]}'])
    expect(await Array.fromAsync(next())).toMatchObject([{ number: 451, chunk: { more: [] } }])
  })

  it('are refused from an attempt that no longer has its job', async () => {
    const attempts = attemptsOf(client, keys, 'stale')
    const older = await attempts.begin('slot')
    const newer = await attempts.begin('slot')
    await expect(appendChunks(client, keys, older, ['1'])).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    await appendChunks(client, keys, newer, ['2'])
    expect((await read('stale')).map(({ chunk }) => chunk)).toEqual([2])
  })

  it('are bounded in number: the oldest go, and the numbers tell', async () => {
    const locked = await attemptsOf(client, keys, 'many').begin()
    await appendChunks(client, keys, locked, texts(9), { ...CHUNK_LIMITS, chunks: 5 })
    await appendChunks(client, keys, locked, texts(3, 10), { ...CHUNK_LIMITS, chunks: 5 })
    expect((await read('many')).map(({ number }) => number)).toEqual([8, 9, 10, 11, 12])
  })

  it('are bounded in bytes, whatever way they came', async () => {
    const locked = await attemptsOf(client, keys, 'large').begin()
    const ten = (count: number) => Array.from({ length: count }, () => '"12345678"')
    const stay = [1, 4, 4, 4]
    for (const [at, count] of [1, 7, 250, 3].entries()) {
      await appendChunks(client, keys, locked, ten(count), { ...CHUNK_LIMITS, bytes: 45 })
      expect((await read('large')).length).toBe(stay[at])
    }
    await appendChunks(client, keys, locked, [JSON.stringify('x'.repeat(40))], { ...CHUNK_LIMITS, bytes: 45 })
    expect((await read('large')).map(({ number }) => number)).toEqual([262])
  })

  it('expire', async () => {
    const locked = await attemptsOf(client, keys, 'old').begin()
    await appendChunks(client, keys, locked, ['1'], { ...CHUNK_LIMITS, keepMs: 5_000 })
    expect(await client.pttl(keys.chunks('old'))).toBeGreaterThan(0)
  })
})
