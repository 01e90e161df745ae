import { MillraceError } from '@millrace/shared'
import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { id, jobName, queueName } from './fields.ts'
import { jobReasons, queueReasons, workflowReasons } from './reason-shapes.ts'

export const WHY_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/workflows/:id/why',
    tag: 'Workflows',
    summary: 'Say how a workflow is, and what its next jobs wait for',
    role: 'viewer',
    params: z.object({ id }),
    answer: workflowReasons,
    refuses: [404],
    handle: ({ params }, { producer }) => producer.why.workflow(params.id),
  }),
  endpoint({
    method: 'GET',
    path: '/workflows/:id/jobs/:job/why',
    tag: 'Workflows',
    summary: 'Say every reason why a job does not run now, and when it is likely to begin',
    role: 'viewer',
    params: z.object({ id, job: jobName }),
    answer: jobReasons,
    refuses: [404],
    handle: ({ params }, { producer }) => producer.why.job(params.id, params.job),
  }),
  endpoint({
    method: 'GET',
    path: '/queues/:queue/why',
    tag: 'Queues',
    summary: 'Say what keeps the jobs of a queue: levels, slots, limits, what was put aside',
    role: 'viewer',
    params: z.object({ queue: queueName }),
    answer: queueReasons,
    refuses: [404],
    handle: ({ params }, { producer }) =>
      producer.why.queue(params.queue).catch((error: unknown) => {
        if (!(error instanceof MillraceError) || error.code !== 'MILLRACE_USAGE') throw error
        throw new MillraceError('MILLRACE_ADDRESS_UNKNOWN', error.message)
      }),
  }),
]
