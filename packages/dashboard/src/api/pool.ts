import type { Producer } from '@millrace/producer'
import { MillraceError, WORKFLOW_STATES } from '@millrace/shared'
import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { duration, queueName, resourceName } from './fields.ts'
import { queueView, resourceView, workerView } from './shapes.ts'

const count = z.int().min(0)

export const POOL_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/summary',
    tag: 'Pool',
    summary: 'The pool in a few numbers',
    role: 'viewer',
    answer: z.object({
      workflows: z.record(z.enum(WORKFLOW_STATES), count),
      deadLetters: count,
      jobs: z.object({ waiting: count, delayed: count, queued: count, active: count }),
      workers: count,
      slots: z.object({ limit: count, active: count }),
      openBreakers: count,
      pausedQueues: count,
    }),
    async handle(_asked, { producer }) {
      const [counts, queues, workers, resources] = await Promise.all([
        producer.counts(),
        producer.queues.list(),
        producer.workers.list(),
        producer.resources.list(),
      ])
      const sum = <T>(of: readonly T[], number: (one: T) => number) => of.reduce((total, one) => total + number(one), 0)
      return {
        ...counts,
        jobs: {
          waiting: sum(queues, ({ waiting }) => waiting),
          delayed: sum(queues, ({ delayed }) => delayed),
          queued: sum(queues, ({ queued }) => queued),
          active: sum(queues, ({ active }) => active),
        },
        workers: workers.length,
        slots: { limit: sum(workers, ({ slots }) => slots.limit), active: sum(workers, ({ slots }) => slots.active) },
        openBreakers: resources.filter(({ state }) => state !== 'closed').length,
        pausedQueues: queues.filter(({ paused }) => paused).length,
      }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/queues',
    tag: 'Queues',
    summary: 'List the queues of the pool',
    role: 'viewer',
    answer: z.object({ queues: z.array(queueView) }),
    async handle(_asked, { producer }) {
      return { queues: await producer.queues.list() }
    },
  }),
  ...(['pause', 'resume'] as const).map((change) =>
    endpoint({
      method: 'POST',
      path: `/queues/:queue/${change}`,
      tag: 'Queues',
      summary:
        change === 'pause'
          ? 'Let workers finish what they have and take nothing more from it'
          : 'Let workers take from it again',
      role: 'operator',
      params: z.object({ queue: queueName }),
      answer: z.object({ queue: z.string(), paused: z.boolean() }),
      refuses: [404],
      async handle({ params: { queue } }, { producer }) {
        await requireQueue(producer, queue)
        await producer.queues[change](queue)
        return { queue, paused: change === 'pause' }
      },
    }),
  ),
  endpoint({
    method: 'GET',
    path: '/workers',
    tag: 'Workers',
    summary: 'List the workers that are there, as they were at their last heartbeat',
    role: 'viewer',
    answer: z.object({ workers: z.array(workerView) }),
    async handle(_asked, { producer }) {
      return { workers: await producer.workers.list() }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/resources',
    tag: 'Resources',
    summary: 'List resources with their breakers',
    role: 'viewer',
    answer: z.object({ resources: z.array(resourceView) }),
    async handle(_asked, { producer }) {
      return { resources: await producer.resources.list() }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/resources/:resource/open',
    tag: 'Resources',
    summary: 'Open its breaker: no worker begins a job that uses it',
    role: 'operator',
    params: z.object({ resource: resourceName }),
    body: z.strictObject({
      for: duration.optional().describe('until a probe is made; without it, until somebody closes it'),
      why: z.string().max(200).optional(),
    }),
    answer: z.object({ resource: z.string(), state: z.literal('open') }),
    async handle({ params: { resource }, body }, { producer }) {
      await producer.resources.open(resource, {
        ...(body.for !== undefined && { forMs: body.for }),
        ...(body.why !== undefined && { why: body.why }),
      })
      return { resource, state: 'open' }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/resources/:resource/close',
    tag: 'Resources',
    summary: 'Close its breaker and call back the jobs that wait for it',
    role: 'operator',
    params: z.object({ resource: resourceName }),
    answer: z.object({ resource: z.string(), changed: z.boolean() }),
    async handle({ params: { resource } }, { producer }) {
      return { resource, changed: await producer.resources.close(resource) }
    },
  }),
]

/** BullMQ would make a queue of any name that is paused. */
async function requireQueue(producer: Producer, name: string): Promise<void> {
  const queues = await producer.queues.list()
  if (queues.some((queue) => queue.name === name)) return
  throw new MillraceError(
    'MILLRACE_ADDRESS_UNKNOWN',
    `There is no queue "${name}"; /api/v1/queues lists those that exist.`,
  )
}
