import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aggregateFailures, MOST_FINGERPRINTS, type Threshold } from '../../src/failures/aggregate.ts'
import { createFailureBatch, type FailedAttempt } from '../../src/failures/batch.ts'
import { failures, readFailure } from '../../src/failures/failures.ts'
import { fingerprintOf } from '../../src/failures/fingerprint.ts'
import { connectBroker } from '../../src/redis/connection.ts'
import { type PoolKeys, poolKeys } from '../../src/redis/keys.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys: PoolKeys
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'producer' })
})
beforeEach(() => {
  keys = poolKeys(freshNamespace())
})
afterAll(() => client.disconnect())

const MINUTE = 60_000
/** The beginning of a window of ten minutes. */
const T0 = 2_800_000 * 10 * MINUTE
const seldom: Threshold = { count: 1_000, windowMs: 10 * MINUTE }

const failed = (message: string, rest: Partial<FailedAttempt> & { task?: string } = {}): FailedAttempt => ({
  fingerprint: fingerprintOf(rest.task ?? 'mail', 'X', message, ''),
  message,
  severity: 'medium',
  category: 'handler',
  workflow: 'w1',
  dead: false,
  ...rest,
})

/** One call with these failures, as a worker makes it. */
async function tell(list: readonly FailedAttempt[], threshold = seldom, now = T0, version = '1'): Promise<string[]> {
  const batch = createFailureBatch()
  for (const one of list) batch.add(one)
  return await aggregateFailures(client, keys, batch.take(), threshold, version, now)
}

const times = (count: number, one: FailedAttempt) => Array<FailedAttempt>(count).fill(one)

describe('the failures of a pool', () => {
  it('are one entry per fingerprint, whichever worker saw them: first and last, how many, and whom they hit', async () => {
    await tell([failed('user 1'), failed('user 2', { workflow: 'w2', dead: true })], seldom, T0, '1.0')
    await tell([failed('user 3', { workflow: 'w2', severity: 'high' })], seldom, T0 + 5, '1.1')
    expect(await failures(client, keys)).toEqual([
      {
        fingerprint: failed('user 9').fingerprint.id,
        task: 'mail',
        code: 'X',
        severity: 'high',
        category: 'handler',
        pattern: 'user <n>',
        message: 'user 3',
        frame: '',
        count: 3,
        dead: 1,
        workflows: 2,
        firstSeenAt: T0,
        lastSeenAt: T0 + 5,
        firstVersion: '1.0',
        lastVersion: '1.1',
        escalatedAt: undefined,
        escalations: 0,
      },
    ])
  })

  it('are listed with the last seen first, by task and code if asked', async () => {
    await tell([failed('a')], seldom, T0)
    await tell([failed('b', { task: 'post' })], seldom, T0 + 1)
    await tell([failed('c')], seldom, T0 + 2)
    const patterns = async (filter = {}) => (await failures(client, keys, filter)).map(({ pattern }) => pattern)
    expect(await patterns()).toEqual(['c', 'b', 'a'])
    expect(await patterns({ task: 'mail' })).toEqual(['c', 'a'])
    expect(await patterns({ code: 'Y' })).toEqual([])
    expect(await patterns({ limit: 1 })).toEqual(['c'])
    expect(await readFailure(client, keys, 'nothing')).toBeUndefined()
  })

  it('are kept for the last thousand fingerprints: the one not seen for the longest time goes first', async () => {
    // letters alone, since numbers are the same to a fingerprint
    const word = (n: number) => [...String(n).padStart(4, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('')
    const many = Array.from({ length: MOST_FINGERPRINTS }, (_, n) => failed(word(n)))
    await tell([failed('the oldest')], seldom, T0 - 1)
    await tell(many, seldom, T0)
    expect(await client.zcard(keys.failures)).toBe(MOST_FINGERPRINTS)
    expect(await readFailure(client, keys, failed('the oldest').fingerprint.id)).toBeUndefined()
    expect(await client.pttl(keys.failure(failed('aaaa').fingerprint.id))).toBeGreaterThan(0)
  })

  it('are forgotten after 30 days', async () => {
    await tell([failed('old')], seldom, T0)
    await tell([failed('new')], seldom, T0 + 31 * 24 * 60 * MINUTE)
    expect((await failures(client, keys)).map(({ pattern }) => pattern)).toEqual(['new'])
  })
})

describe('a failure that passes its threshold', () => {
  const often: Threshold = { count: 10, windowMs: 10 * MINUTE }
  const one = failed('user 1')

  it('escalates once per window, to one of those who tell the pool', async () => {
    const told = []
    for (let n = 0; n < 5; n++) told.push(await tell(times(4, one), often, T0 + n))
    expect(told).toEqual([[], [], [one.fingerprint.id], [], []])
    expect(await readFailure(client, keys, one.fingerprint.id)).toMatchObject({ escalations: 1, escalatedAt: T0 + 2 })
  })

  it('escalates again when it goes on in the next window', async () => {
    await tell(times(10, one), often, T0)
    expect(await tell(times(20, one), often, T0 + 9 * MINUTE)).toEqual([])
    expect(await tell(times(1, one), often, T0 + 10 * MINUTE)).toEqual([one.fingerprint.id])
  })

  it('is one that passes it within any ten minutes, not only from one full hour to the next', async () => {
    await tell(times(8, one), often, T0 + 9.9 * MINUTE)
    expect(await tell(times(3, one), often, T0 + 10.1 * MINUTE)).toEqual([one.fingerprint.id])
  })

  it('does not count what is over', async () => {
    await tell(times(9, one), often, T0)
    expect(await tell(times(9, one), often, T0 + 19 * MINUTE)).toEqual([])
    expect(await tell(times(9, one), often, T0 + 45 * MINUTE)).toEqual([])
  })

  it('may be a single one, when it is critical', async () => {
    expect(await tell([failed('x', { severity: 'critical' })], often)).toHaveLength(1)
  })

  it('is told to one worker only, however many tell the pool at once', async () => {
    const told = await Promise.all(Array.from({ length: 20 }, () => tell([one], often)))
    expect(told.flat()).toEqual([one.fingerprint.id])
    expect(await readFailure(client, keys, one.fingerprint.id)).toMatchObject({ count: 20 })
  })
})
