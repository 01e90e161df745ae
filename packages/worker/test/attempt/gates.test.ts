import type { Task } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/attempt/attempt.ts'
import { createGates } from '../../src/attempt/gates.ts'
import { Parked } from '../../src/policies/parked.ts'

const attempt = {} as Attempt
const task = {} as Task
const shut = new Parked('MILLRACE_DRAINED', { lot: 'task/a', delayMs: 1, why: 'task a is paused' })

describe('the gates of a worker', () => {
  it('cost no promise as long as none of them asks anybody', () => {
    expect(createGates([]).enter(attempt, task)).toBeUndefined()
    expect(createGates([{ admit: () => undefined }, { admit: () => undefined }]).enter(attempt, task)).toBeUndefined()
  })

  it('keep a job out at once when one is shut, and those before it are left again', () => {
    const left: string[] = []
    const gates = createGates([
      { admit: () => undefined, leave: () => void left.push('first') },
      { admit: () => shut, leave: () => void left.push('second') },
    ])
    expect(() => gates.enter(attempt, task)).toThrow(shut)
    gates.leave(attempt)
    expect(left).toEqual(['first'])
  })

  it('are left in reverse when the attempt has ended, once', async () => {
    const left: string[] = []
    const gate = (name: string) => ({ admit: () => undefined, leave: () => void left.push(name) })
    const gates = createGates([gate('first'), gate('second')])
    await gates.enter(attempt, task)
    gates.leave(attempt)
    gates.leave(attempt)
    expect(left).toEqual(['second', 'first'])
  })

  it('keep a job out when one is found shut after it was asked, and those before it are left again', async () => {
    const left: string[] = []
    const gates = createGates([
      { admit: () => undefined, leave: () => void left.push('first') },
      { admit: async () => shut, leave: () => void left.push('second') },
    ])
    await expect(gates.enter(attempt, task)).rejects.toBe(shut)
    expect(left).toEqual(['first'])
  })
})
