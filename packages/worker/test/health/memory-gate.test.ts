import type { Task } from '@millrace/shared'
import { expect, it } from 'vitest'
import type { Attempt } from '../../src/attempt/attempt.ts'
import { memoryGate } from '../../src/health/memory-gate.ts'

const task = (memoryBytes?: number) => ({ name: 'a', memoryBytes }) as Task
const attempt = () => ({}) as Attempt

it('starts no more at once than fit by what their tasks declare', () => {
  const gate = memoryGate(() => 100)
  const [first, second] = [attempt(), attempt()]
  expect(gate.admit(first, task(60))).toBeUndefined()
  expect(gate.admit(attempt(), task())).toBeUndefined()
  expect(gate.admit(second, task(60))).toMatchObject({ code: 'MILLRACE_MEMORY_RESERVED', parking: { lot: 'memory/a' } })
  gate.leave?.(first)
  expect(gate.admit(second, task(60))).toBeUndefined()
})

it('lets one start that is larger than all there is: it fails by itself, and says so', () => {
  expect(memoryGate(() => 100).admit(attempt(), task(200))).toBeUndefined()
})
