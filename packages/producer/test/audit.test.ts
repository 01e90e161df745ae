import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../src/index.ts'
import { openWorker } from './cli/pool.ts'

let pool: Producer
let worker: Awaited<ReturnType<typeof openWorker>>
const target = () => ({ connection: brokerUrl(), namespace })
let namespace: string

beforeEach(async () => {
  namespace = freshNamespace()
  worker = await openWorker(brokerUrl(), namespace)
  pool = await createProducer({ ...target(), actor: 'ann' })
})
afterEach(async () => {
  await pool.close()
  await worker.close()
})

describe('the audit log', () => {
  it('says who did what, when, from where, how many, and how it was before and after', async () => {
    await pool.submit({ name: 'gates', jobs: { a: { task: 'gate' }, b: { task: 'work', needs: 'a' } } }, { id: 'one' })
    for await (const event of pool.watch('one')) void event
    worker.broken.clear()
    await pool.retry('one')
    for await (const event of pool.watch('one')) void event
    await pool.queues.pause('default')
    await pool.submit({ name: 'late', jobs: { a: { task: 'work' } } }, { id: 'two' })
    const bob = await createProducer({ ...target(), actor: 'bob', via: 'cli' })
    await bob.cancel('two')
    await bob.queues.resume('default')
    await bob.close()

    const log = await pool.audit.list()
    expect(log.toReversed()).toMatchObject([
      { actor: 'ann', action: 'enqueue', subject: 'workflow one', count: 2, via: 'library' },
      { actor: 'ann', action: 'retry', subject: 'workflow one', count: 1, before: { state: 'failed' } },
      { actor: 'ann', action: 'pause', subject: 'queue default' },
      { actor: 'ann', action: 'enqueue', subject: 'workflow two', count: 1 },
      { actor: 'bob', action: 'cancel', subject: 'workflow two', via: 'cli', after: { state: 'cancelled' } },
      { actor: 'bob', action: 'resume', subject: 'queue default' },
    ])
    expect(log.every(({ at, host }) => Math.abs(at - Date.now()) < 60_000 && host !== '')).toBe(true)
    expect(await pool.audit.list({ actor: 'bob', action: 'cancel', newerThanMs: 60_000 })).toHaveLength(1)
  })

  it('is read in pages, the newest first', async () => {
    for (let i = 0; i < 1_100; i++) void pool.queues.setCapacity('default', i + 1)
    const all = await until(async () => {
      const found = []
      for await (const record of pool.audit.scan({ action: 'capacity' })) found.push(record)
      return found.length === 1_100 ? found : undefined
    })
    expect(new Set(all.map(({ id }) => id)).size).toBe(1_100)
    expect(all[0]?.at).toBeGreaterThanOrEqual(all.at(-1)?.at as number)
    expect(await pool.audit.list({}, 3)).toEqual(all.slice(0, 3))
  })

  it('has no entry of what changed nothing', async () => {
    await pool.pauses.pause('task', 'work')
    await pool.pauses.pause('task', 'work')
    expect(await pool.audit.list()).toMatchObject([{ action: 'pause', subject: 'task work' }])
  })
})
