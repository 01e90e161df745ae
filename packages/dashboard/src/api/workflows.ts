import {
  JOB_STATES,
  LEVELS,
  MillraceError,
  SCHEDULINGS,
  WORKFLOW_STATES,
  type WorkflowDefinition,
} from '@millrace/shared'
import { z } from 'zod'
import { readGraph } from '../picture/graph.ts'
import { graph } from '../picture/shape.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { duration, id, jobName, limit } from './fields.ts'
import { jobDetail, submission, workflowSummary, workflowView } from './shapes.ts'

const tag = 'Workflows'
const byId = z.object({ id })

const submitted = z.strictObject({
  workflow: z
    .union([z.string(), z.record(z.string(), z.json())])
    .describe('the workflow: an object, or a text of YAML or JSON; /api/v1/workflow.schema.json is its schema'),
  id: id.optional().describe('submitting the same id again is the same workflow'),
  inputs: z.record(z.string(), z.json()).optional().describe('override entries of its `inputs`'),
  priority: z.enum(LEVELS).optional(),
  tenant: z.string().optional().describe('whose workflow it is, in place of what it says itself'),
  delay: duration.optional().describe('before its first jobs may start'),
  scheduling: z.enum(SCHEDULINGS).optional(),
  strictDeadline: z.boolean().optional().describe('refuse a workflow that cannot end by its deadline'),
})

export const WORKFLOW_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/workflows',
    tag,
    summary: 'Submit a workflow',
    role: 'operator',
    body: submitted,
    answer: submission,
    refuses: [409, 422],
    status: ({ created }: { created: boolean }) => (created ? 201 : 200),
    async handle({ body: { workflow, delay, ...options } }, { producer }) {
      const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
      return await producer.submit(workflow as WorkflowDefinition | string, {
        ...given,
        ...(delay !== undefined && { delayMs: delay }),
      })
    },
  }),
  endpoint({
    method: 'GET',
    path: '/workflows',
    tag,
    summary: 'List workflows, the newest first',
    role: 'viewer',
    query: z.strictObject({
      state: z.enum(WORKFLOW_STATES).optional(),
      name: z.string().max(200).optional(),
      limit: limit(500, 50),
    }),
    answer: z.object({ workflows: z.array(workflowSummary) }),
    async handle({ query: { state, name, limit } }, { producer }) {
      return { workflows: await producer.list({ limit, ...(state && { state }), ...(name && { name }) }) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/workflows/:id',
    tag,
    summary: 'Show a workflow with all its jobs',
    role: 'viewer',
    params: byId,
    answer: workflowView,
    refuses: [404],
    async handle({ params }, { producer }) {
      return (await producer.get(params.id)) ?? absent(params.id)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/workflows/:id/graph',
    tag,
    summary: 'Its jobs and needs as a picture: places, lines, and the critical path',
    role: 'viewer',
    params: byId,
    answer: graph,
    refuses: [404],
    async handle({ params }, { producer }) {
      const view = await producer.get(params.id)
      return view ? readGraph(view.jobList) : absent(params.id)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/workflows/:id/jobs/:job',
    tag,
    summary: 'Show one job: input, output, failures, checkpoint, logs',
    role: 'viewer',
    params: z.object({ id, job: jobName }),
    answer: jobDetail,
    refuses: [404],
    async handle({ params: { id, job } }, { producer }) {
      const detail = await producer.job(id, job)
      if (!detail) throw new MillraceError('MILLRACE_JOB_NOT_FOUND', `There is no job "${job}" in a workflow "${id}".`)
      const letter =
        detail.state === 'dead' ? await producer.deadLetters.get(`${detail.queue}~${detail.id}`) : undefined
      return { ...detail, ...(letter && { deadLetter: letter.id }) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/workflows/:id/cancel',
    tag,
    summary: 'Cancel what has not ended; repeating it changes nothing',
    role: 'operator',
    params: byId,
    answer: workflowSummary,
    refuses: [404],
    async handle({ params }, { producer }) {
      return await producer.cancel(params.id)
    },
  }),
  endpoint({
    method: 'POST',
    path: '/workflows/:id/retry',
    tag,
    summary: 'Run again what is dead, skipped or cancelled, and nothing that succeeded',
    role: 'operator',
    params: byId,
    answer: z.object({
      replayed: z.array(z.string()).describe('dead letters that were replayed'),
      revived: z.int().min(0).describe('jobs that had been cancelled'),
      summary: workflowSummary,
    }),
    refuses: [404, 422],
    handle: ({ params }, { producer }) => producer.retry(params.id),
  }),
  endpoint({
    method: 'POST',
    path: '/workflows/:id/rerun',
    tag,
    summary: 'Run a job and everything that depends on it again, as a new workflow that keeps the other outputs',
    role: 'operator',
    params: byId,
    body: z.strictObject({
      from: jobName.describe('the job to begin with'),
      id: id.optional().describe('of the new workflow; the same id again is the same rerun'),
      dryRun: z.boolean().optional().describe('only say what would happen'),
    }),
    answer: z.object({
      id: id.optional().describe('of the new workflow; absent for a dry run'),
      created: z.boolean().describe('false for a dry run, and when this id had been used for the same rerun before'),
      of: id,
      from: jobName,
      again: z.array(jobName).describe('jobs that run again'),
      carried: z.array(jobName).describe('jobs whose outputs are kept'),
      left: z.array(z.object({ name: jobName, state: z.enum(JOB_STATES) })).describe('jobs that are no part of it'),
    }),
    refuses: [404, 409, 422],
    status: ({ created }: { created: boolean }) => (created ? 201 : 200),
    async handle({ params, body: { from, id: newId, dryRun } }, { producer }) {
      const options = { from, ...(newId !== undefined && { newId }), ...(dryRun !== undefined && { dryRun }) }
      return await producer.rerun(params.id, options)
    },
  }),
]

function absent(id: string): never {
  throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow "${id}".`)
}
