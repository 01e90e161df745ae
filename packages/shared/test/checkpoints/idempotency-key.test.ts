import { expect, it } from 'vitest'
import { idempotencyKey } from '../../src/index.ts'

it('an idempotency key is the same for the same effect, differs for any other, and fits into a header', () => {
  const effect = { namespace: 'n', workflow: 'w', job: 'j', key: 'charge' }
  const key = idempotencyKey(effect)
  expect(idempotencyKey({ ...effect })).toBe(key)
  expect(key).toMatch(/^[\w-]{43}$/)
  const others = (['namespace', 'workflow', 'job', 'key'] as const).map((part) =>
    idempotencyKey({ ...effect, [part]: 'other' }),
  )
  expect(new Set([key, ...others, idempotencyKey({ ...effect, job: 'jc', key: 'harge' })]).size).toBe(6)
})
