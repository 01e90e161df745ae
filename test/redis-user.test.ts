import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createProducer, type Producer } from '@millrace/producer'
import { connectBroker, createLogger, poolKeys } from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { createWorker, defineResource, defineTask, type WorkerHandle } from '@millrace/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dashboard, readConfig as readDashboard, startDashboard } from '../packages/dashboard/src/index.ts'

/** The rules of the manual, for another user and namespace. */
const manual = readFileSync(resolve(import.meta.dirname, '../docs/configuration.md'), 'utf8')
const [, rules = ''] = /^ACL SETUSER millrace (.+)$/m.exec(manual) ?? []
const [namespace, user, password] = [freshNamespace(), `user-${process.pid}`, 'pa:ss@w/rd']

let root: Awaited<ReturnType<typeof connectBroker>>
let connection: string
let producer: Producer
let worker: WorkerHandle
let dashboard: Dashboard
let broken = true

beforeAll(async () => {
  root = await connectBroker({ url: brokerUrl(), role: 'worker' })
  const own = rules.replaceAll('{millrace:0}', poolKeys(namespace).prefix).replace('>a-password', `>${password}`)
  await root.call('ACL', 'SETUSER', user, ...own.split(' '))
  const address = new URL(brokerUrl())
  address.username = user
  address.password = encodeURIComponent(password)
  connection = address.href
  const tasks = [
    defineTask({ name: 'order', uses: ['shop'], retry: 1, concurrency: 5 }, async (_, ctx) => {
      await ctx.checkpoint.save({ reached: 1 })
      if (broken) throw new Error('the shop is shut')
      return 'ordered'
    }),
    defineTask({ name: 'count', timeout: '10s' }, async (_, ctx) => {
      await ctx.progress(50)
      await ctx.emit('counting')
      await ctx.context.set('counted', 3)
      return 3
    }),
  ]
  const log = createLogger({ service: 'test', level: 'silent' })
  const resources = [defineResource('shop', { breaker: { failures: 100 }, bulkhead: 2 })]
  worker = await createWorker({ connection, namespace, tasks, resources, httpPort: 0, log })
  producer = await createProducer({ connection, namespace, tasks })
  dashboard = await startDashboard(
    readDashboard({ REDIS_URL: connection, MILLRACE_NAMESPACE: namespace, MILLRACE_DASHBOARD_PORT: '0' }),
    log,
  )
})
afterAll(async () => {
  await dashboard?.close()
  await producer?.close()
  await worker?.close()
  await root.call('ACL', 'DELUSER', user)
  root.disconnect()
})

/**
 * What Redis refused to this user: a command, a key or a channel each. To Redis 6.2 CLIENT is one command, and giving a
 * connection a name is as dangerous as ending that of somebody else.
 */
async function refused(): Promise<unknown[]> {
  const entries = (await root.call('ACL', 'LOG', '1000')) as unknown[][]
  const own = entries.filter((entry) => entry[entry.indexOf('username') + 1] === user)
  return own.filter((entry) => entry[entry.indexOf('object') + 1] !== 'client')
}

const ended = (id: string) => until(async () => (await producer.summary(id))?.finishedAt)

describe('a Redis user that is allowed what the manual says', () => {
  it('runs workflows, from the submission to the last replay', async () => {
    const jobs = {
      list: { task: 'count' },
      order: { task: 'order', needs: 'list', foreach: [1, 2] },
      sum: { task: 'count', needs: 'order' },
    }
    const { id } = await producer.submit({ name: 'shop', jobs }, { id: 'shop' })
    await ended(id)
    await Promise.all([producer.why.workflow(id), producer.get(id), producer.deadLetters.stats()])
    const [letter] = (await producer.deadLetters.query()).letters
    await producer.deadLetters.get(letter?.id ?? '')
    broken = false
    const { id: replay } = await producer.replays.start({ filter: {} }, { ratePerSecond: 50, canary: 1 })
    await until(async () => (await producer.replays.get(replay))?.finishedAt)
    await until(async () => (await producer.summary(id))?.state === 'succeeded')
    const { id: again = '' } = await producer.rerun(id, { from: 'order' })
    await ended(again)
    expect(await producer.summary(again)).toMatchObject({ state: 'succeeded' })
    expect(await refused()).toEqual([])
  })

  it('does what operators do', async () => {
    await producer.queues.pause('default')
    await producer.submit({ name: 'late', jobs: { a: { task: 'count', delay: '1h' } } }, { id: 'late' })
    await producer.cancel('late')
    await producer.retry('late')
    await producer.queues.resume('default')
    await producer.pauses.pause('task', 'order')
    await producer.pauses.resume('task', 'order')
    await producer.resources.open('shop', { forMs: 60_000 })
    await producer.resources.close('shop')
    await producer.schedules.add('nightly', {
      cron: '0 3 * * *',
      workflow: { name: 'n', jobs: { a: { task: 'count' } } },
    })
    await producer.schedules.remove('nightly')
    await producer.tasks.setTimeLimit('count', 5_000)
    await producer.tenants.set('acme', { active: 5 })
    await producer.queues.setCapacity('default', 1_000)
    const lists = [producer.queues.list(), producer.workers.list(), producer.tasks.list(), producer.resources.list()]
    await Promise.all([...lists, producer.audit.list(), producer.counts()])
    expect(await refused()).toEqual([])
  })

  it('serves the dashboard, Bull Board and the figures of the pool', async () => {
    for (const path of ['/', '/api/v1/workflows', '/api/v1/workers', '/queues/api/queues', '/metrics']) {
      expect((await fetch(`${dashboard.url}${path}`)).status, path).toBe(200)
    }
    expect(await refused()).toEqual([])
  })

  it('is told what it lacks when it may do less, or has another password', async () => {
    const wrong = connection.replace(encodeURIComponent(password), 'wrong')
    await expect(connectBroker({ url: wrong, role: 'producer' })).rejects.toThrow(/refuses its user \(WRONGPASS/)
    await root.call('ACL', 'SETUSER', user, '-ping')
    await expect(connectBroker({ url: connection, role: 'producer' })).rejects.toThrow(/refuses its user \(NOPERM/)
  })
})
