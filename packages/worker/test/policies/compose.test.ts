import { BulkheadRejectedError, bulkhead } from 'cockatiel'
import { describe, expect, it } from 'vitest'
import { type Abortable, runUnderPolicies } from '../../src/policies/compose.ts'

/** An attempt that nobody aborts. */
function attempt(): Abortable {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    aborted: false,
    throwIfAborted: () => {},
    abort: (reason) => controller.abort(reason),
    beatMonoMs: 0,
  }
}

const limits = { timeoutMs: 60_000, graceMs: 1_000 }
const never = () => expect.unreachable('nothing was aborted')
const wide = { bulkheads: [bulkhead(5)], full: () => new Error('put aside'), ended: () => undefined }

describe('a handler in a slot of a bulkhead', () => {
  it.each([
    [
      'throws at once',
      () => {
        throw own
      },
    ],
    [
      'throws later',
      async () => {
        throw own
      },
    ],
  ])('that %s what a bulkhead of its own throws has failed: it is not put aside', async (_, handler) => {
    await expect(runUnderPolicies(attempt(), limits, handler, never, wide)).rejects.toBe(own)
  })

  it('gives what it returns, promise or not', async () => {
    expect(await runUnderPolicies(attempt(), limits, () => 1, never, wide)).toBe(1)
    expect(await runUnderPolicies(attempt(), limits, async () => 2, never, wide)).toBe(2)
  })

  it('is put aside when none is free, and not called', async () => {
    const none = { ...wide, bulkheads: [bulkhead(0)] }
    await expect(runUnderPolicies(attempt(), limits, never, never, none)).rejects.toThrow('put aside')
  })
})

const own = new BulkheadRejectedError(1, 0)
