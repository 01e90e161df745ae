import { randomBytes } from 'node:crypto'
import {
  cancelWorkflow,
  connectBroker,
  type Dedup,
  ingest,
  knownTasks,
  listWorkflows,
  MAX_DURATION_MS,
  MillraceError,
  openTracing,
  planWorkflow,
  poolKeys,
  readJobDetail,
  readPoolCounts,
  readSummary,
  readTenants,
  readView,
  readWorkers,
  type SubmitSpan,
  setQuota,
  taskEstimates,
  type WorkflowDefinition,
  watchWorkflow,
  withWeights,
} from '@millrace/shared'
import { audited, auditLog, auditNotes } from './audit.ts'
import { tellBrokerLoss } from './broker-loss.ts'
import { defaultActor, defaultConnection, defaultTracing } from './config.ts'
import type { Producer, ProducerOptions, Submission, SubmitOptions } from './contract.ts'
import { deadLetters } from './dead-letters.ts'
import { keep } from './kept.ts'
import { pauses } from './pauses.ts'
import { queues } from './queues.ts'
import { replays } from './replays.ts'
import { resources } from './resources.ts'
import { retry } from './retry.ts'
import { schedules } from './schedules.ts'
import { serveProducer } from './serve-producer.ts'
import { countSubmissions } from './submissions.ts'
import { taskChecks } from './task-checks.ts'
import { tasks } from './tasks.ts'
import { PACKAGE_VERSION } from './version.ts'

/** Workers announce their tasks every few seconds; medians move slowly. */
const TASKS_KEPT_MS = 1_000
const ESTIMATES_KEPT_MS = 10_000

/** Ids appear in keys, file names and URLs. */
const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/

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
  const actor = options.actor ?? defaultActor()
  const checks = taskChecks(options.tasks ?? [])
  const announced = keep(() => knownTasks(client, keys), TASKS_KEPT_MS)
  const measured = keep(() => taskEstimates(client, keys), ESTIMATES_KEPT_MS)
  const weights = withWeights(options.weights ?? {})

  const tracing = await openTracing(options.tracing === false ? undefined : defaultTracing(), {
    ...{ name: 'millrace-producer', version: PACKAGE_VERSION },
  })
  const submissions = countSubmissions()
  const own = options.httpPort === undefined ? undefined : await serveProducer(client, submissions, options.httpPort)

  async function submit(
    workflow: WorkflowDefinition | string,
    { id, inputs, priority, delayMs, dedup, scheduling, strictDeadline }: SubmitOptions,
    span?: SubmitSpan,
  ): Promise<Submission> {
    if (id !== undefined) requireId(id)
    if (dedup) requireDedup(dedup)
    const [tasks, estimates] = await Promise.all([checks.size > 0 ? checks : announced.get(), measured.get()])
    const options = {
      estimates,
      ...(strictDeadline !== undefined && { strictDeadline }),
      ...(inputs && { inputs }),
      ...(priority && { priority }),
      ...(delayMs !== undefined && { delayMs }),
    }
    let planned = await planWorkflow(workflow, { tasks, ...options })
    if (!planned.ok && checks.size === 0 && planned.issues.some(({ code }) => code === 'MILLRACE_TASK_NOT_IN_POOL')) {
      planned = await planWorkflow(workflow, { tasks: await announced.fresh(), ...options }) // a worker may be new
    }
    if (!planned.ok) {
      const [first] = planned.issues
      const count = planned.issues.length
      const message =
        count === 1 ? `${first?.message}` : `The workflow has ${count} problems; the first: ${first?.message}`
      throw new MillraceError(first?.code ?? 'MILLRACE_WORKFLOW_SHAPE', message, { issues: planned.issues })
    }
    const { plan, warnings } = planned
    const submitted = await ingest(client, keys, plan, {
      id: id ?? newId(plan.name),
      estimates,
      weights,
      ...(scheduling && { scheduling }),
      ...(dedup && { dedup }),
      trace: span?.carrier,
    })
    span?.named(plan.name, submitted.id, plan.jobs.length)
    return { ...submitted, name: plan.name, jobs: plan.jobs.length, warnings }
  }
  const letters = deadLetters(client, keys)

  const pool: Producer = {
    submit: (workflow, options = {}) =>
      submissions.count(() =>
        tracing ? tracing.submit((span) => submit(workflow, options, span)) : submit(workflow, options),
      ),
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
    deadLetters: letters,
    replays: replays(client, keys, actor),
    audit: auditLog(client, keys),
    pauses: pauses(client, keys),
    queues: queues(client, keys),
    tasks: tasks(client, keys),
    schedules: schedules(client, keys, async () => (checks.size > 0 ? checks : await announced.fresh())),
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
  return tellBrokerLoss(audited(pool, auditNotes(client, keys, actor, options.via ?? 'library')))
}

function requireId(id: string): void {
  if (ID.test(id)) return
  throw new MillraceError(
    'MILLRACE_WORKFLOW_NAME',
    `The id is ${JSON.stringify(id)}; use 1 to 128 letters, digits, "_" or "-", not beginning with "-".`,
  )
}

function requireDedup({ key, ttlMs }: Dedup): void {
  if (/^[\x20-\x7e]{1,200}$/.test(key) && Number.isInteger(ttlMs) && ttlMs >= 1 && ttlMs <= MAX_DURATION_MS) return
  throw new MillraceError(
    'MILLRACE_USAGE',
    `The key of deduplication is ${JSON.stringify(key)} for ${ttlMs} ms; use 1 to 200 printable ASCII characters, for 1 ms to 365 days.`,
  )
}

/** `<name>-<time><random>`: sorts by time of submission; 40 random bits keep two of the same millisecond apart. */
function newId(name: string): string {
  return `${name.replaceAll('.', '-')}-${Date.now().toString(36)}${randomBytes(5).toString('hex')}`
}
