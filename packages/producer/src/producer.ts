import { hostname } from 'node:os'
import {
  cancelWorkflow,
  connectBroker,
  knownTasks,
  listWorkflows,
  MillraceError,
  openTracing,
  poolKeys,
  readJobDetail,
  readPoolCounts,
  readSummary,
  readTenants,
  readView,
  readWorkers,
  setQuota,
  watchWorkflow,
} from '@millrace/shared'
import { type Actor, audited, auditLog, auditNotes } from './audit.ts'
import { tellBrokerLoss } from './broker-loss.ts'
import { defaultActor, defaultConnection, defaultTracing } from './config.ts'
import type { Producer, ProducerOptions } from './contract.ts'
import { deadLetters } from './dead-letters.ts'
import { edits } from './edits.ts'
import { pauses } from './pauses.ts'
import { queues } from './queues.ts'
import { replays } from './replays.ts'
import { rerun } from './rerun.ts'
import { resources } from './resources.ts'
import { retry } from './retry.ts'
import { schedules } from './schedules.ts'
import { serveProducer } from './serve-producer.ts'
import { countSubmissions } from './submissions.ts'
import { createSubmit } from './submit.ts'
import { taskChecks } from './task-checks.ts'
import { tasks } from './tasks.ts'
import { PACKAGE_VERSION } from './version.ts'
import { why } from './why.ts'

/**
 * Connects to a pool.
 *
 * @throws MillraceError MILLRACE_BROKER_UNREACHABLE when Redis does not answer in time. So do all calls of the producer:
 *   a command that has no answer after 10 s has failed, and nobody knows whether it was carried out.
 *
 * @example
 * const producer = await createProducer({ connection: 'redis://127.0.0.1:6379' })
 * const { id } = await producer.submit({ name: 'hello', jobs: { greet: { task: 'greet', with: { name: 'you' } } } })
 * for await (const event of producer.watch(id)) console.log(event)
 * await producer.close()
 */
export async function createProducer(options: ProducerOptions = {}): Promise<Producer> {
  const client = await connectBroker({
    url: options.connection ?? defaultConnection(),
    role: 'producer',
    ...(options.connectTimeoutMs !== undefined && { connectTimeoutMs: options.connectTimeoutMs }),
  })
  const keys = poolKeys(options.namespace)
  const by: Actor = { actor: options.actor ?? defaultActor(), host: hostname(), via: options.via ?? 'library' }
  const tracing = await openTracing(options.tracing === false ? undefined : defaultTracing(), {
    ...{ name: 'millrace-producer', version: PACKAGE_VERSION },
  })
  const submissions = countSubmissions()
  const own = options.httpPort === undefined ? undefined : await serveProducer(client, submissions, options.httpPort)

  const checks = taskChecks(options.tasks ?? [])
  const submit = createSubmit({ client, keys, checks, weights: options.weights, tracing, by })
  const letters = deadLetters(client, keys, edits(client, keys, checks, by))

  const scheduled = schedules(client, keys, async () => (checks.size > 0 ? checks : await knownTasks(client, keys)))

  const pool: Producer = {
    submit: (workflow, options = {}) => submissions.count(() => submit(workflow, options)),
    httpPort: own?.port,
    get: (id) => readView(client, keys, id),
    summary: (id) => readSummary(client, keys, id),
    job: (workflow, name) => readJobDetail(client, keys, workflow, name),
    counts: () => readPoolCounts(client, keys),
    list: (filter) => listWorkflows(client, keys, filter),
    watch: (id, { signal } = {}) => watchWorkflow(client, keys, id, signal),
    async cancel(id) {
      const found = await cancelWorkflow(client, keys, id)
      const summary = found ? await readSummary(client, keys, id) : undefined
      if (!summary) throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow "${id}".`)
      return summary
    },
    retry: retry(client, keys, letters),
    rerun: rerun({ client, keys, weights: options.weights, tracing, by }),
    deadLetters: letters,
    replays: replays(client, keys, by.actor),
    audit: auditLog(client, keys),
    pauses: pauses(client, keys),
    queues: queues(client, keys),
    tasks: tasks(client, keys),
    schedules: scheduled,
    why: why(client, keys, scheduled),
    tenants: {
      list: () => readTenants(client, keys),
      set: (name, quota) => setQuota(client, keys, name, quota),
    },
    workers: { list: () => readWorkers(client, keys) },
    resources: resources(client, keys),
    async close() {
      await own?.stop()
      await tracing?.stop()
      await client.quit().catch(() => client.disconnect())
    },
  }
  return tellBrokerLoss(audited(pool, auditNotes(client, keys, by)))
}
