import {
  aggregateFailures,
  connectBroker,
  createBatch,
  createFailureBatch,
  fingerprintOf,
  measure,
  type PoolKeys,
  poolKeys,
  readTimeLimits,
  recordTimeLimit,
} from '@millrace/shared'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { millrace } from './millrace.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }
let client: Awaited<ReturnType<typeof connectBroker>>
let keys: PoolKeys

beforeEach(async () => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
  keys = poolKeys(env.MILLRACE_NAMESPACE)
  client = await connectBroker({ url: env.REDIS_URL, role: 'producer' })
})
afterEach(() => client.disconnect())

const run = (...args: string[]) => millrace(['task', ...args], { env })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

/** A pool whose workers have left: what they told of the task `mail.send`. */
async function formerPool(): Promise<void> {
  const batch = createBatch()
  for (let n = 0; n < 30; n++) batch.add('mail.send', 2_000)
  batch.addTimeout('mail.send')
  await measure(client, keys, batch.take())
  const first = { ms: 300_000, from: 'complexity', why: '5 min for a simple task', since: 1, before: [] } as const
  await recordTimeLimit(client, keys, 'mail.send', { ms: 30_000, from: 'measured', why: '3 × 2 s' }, first)
  const failures = createFailureBatch()
  const message = 'no mailbox 4711'
  const fingerprint = fingerprintOf('mail.send', 'NO_MAILBOX', message, '')
  failures.add({ fingerprint, message, severity: 'low', category: 'handler', workflow: 'w', dead: true })
  await aggregateFailures(client, keys, failures.take(), { count: 100, windowMs: 60_000 }, '1.0')
}

describe('millrace task list', () => {
  it('says so when no worker was ever there', async () => {
    expect(await run('list')).toMatchObject({ exit: 0, out: '', err: expect.stringContaining('No tasks yet') })
    expect(await json('list')).toEqual([])
  })

  it('lists how long tasks take and how long they may', async () => {
    await formerPool()
    const { out } = await run('list')
    expect(out).toMatch(/mail\.send +no worker +(1\.9|2\.0|2\.1) s .*30\.0 s +3 × 2 s/)
    expect(await json('list')).toMatchObject([
      { name: 'mail.send', present: false, measured: { samples: 30, timeouts: 1 } },
    ])
  })
})

describe('millrace task show', () => {
  it('shows the limit, why and since when, the limits before, the run times and the failures', async () => {
    await formerPool()
    const { exit, out } = await run('show', 'mail.send')
    expect(exit).toBe(0)
    expect(out).toMatch(/time limit +30\.0 s\n/)
    expect(out).toMatch(/why +3 × 2 s\n/)
    expect(out).toMatch(/since +\d\d:\d\d:\d\d \(.*\)\n/)
    expect(out).toMatch(/samples +30 succeeded, 1 cut off at the limit\n/)
    expect(out).toMatch(/1970-01-01 .* 5 min 00 s +5 min for a simple task\n/)
    expect(out).toMatch(/[0-9a-f]{12} .*NO_MAILBOX +no mailbox <n>\n/)
    expect(await json('show', 'mail.send')).toMatchObject({
      timeLimit: { ms: 30_000, why: '3 × 2 s', before: [{ ms: 300_000 }] },
      timeLimitByHandMs: null,
      failures: [{ code: 'NO_MAILBOX', count: 1, dead: 1 }],
    })
  })

  it('refuses a task that no worker has or had, and names the nearest', async () => {
    await formerPool()
    const { exit, err } = await run('show', 'mail.sent')
    expect(exit).toBe(2)
    expect(err).toContain('Did you mean "mail.send"?')
  })
})

describe('millrace task set', () => {
  it('fixes the time limit by hand, and frees it', async () => {
    await formerPool()
    expect(await run('set', 'mail.send', 'timeout=90s')).toMatchObject({
      exit: 0,
      out: '',
      err: expect.stringContaining('1 min 30 s'),
    })
    expect((await readTimeLimits(client, keys)).byHandMs.get('mail.send')).toBe(90_000)
    expect((await run('show', 'mail.send')).out).toMatch(
      /time limit +1 min 30 s\nwhy +fixed by hand; no worker has said yet/,
    )
    expect(await json('set', 'mail.send', 'timeout=auto')).toEqual({ name: 'mail.send', timeout: null })
    expect((await readTimeLimits(client, keys)).byHandMs.size).toBe(0)
  })

  it.each(['timeout=soon', 'timeout=0', '30s', 'retry=3', 'timeout='])('refuses %s', async (setting) => {
    await formerPool()
    expect((await run('set', 'mail.send', setting)).exit).toBe(2)
    expect((await readTimeLimits(client, keys)).byHandMs.size).toBe(0)
  })

  it('refuses a task that nobody has', async () => {
    expect(await run('set', 'mail', 'timeout=1s')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('start a worker'),
    })
  })
})
