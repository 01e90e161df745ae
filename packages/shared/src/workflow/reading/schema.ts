import { z } from 'zod'
import { NAME_PATTERN, TASK_PATTERN } from '../checks/names.ts'
import { parseDuration } from '../duration.ts'
import { COMPLEXITIES, FAILURE_POLICIES, LEVELS, TRIGGERS } from '../states.ts'
import { FIELDS, type Field, type FieldName } from './fields.ts'

/** What editors show. Names are checked apart from the schema, so their patterns are told to editors here. */
function documented<Schema extends z.ZodType>(
  schema: Schema,
  name: FieldName,
  extra: Record<string, unknown> = {},
): Schema {
  const field: Field = FIELDS[name]
  return schema.meta({
    title: field.title,
    description: field.description,
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(field.examples === undefined ? {} : { examples: [...field.examples] }),
    ...extra,
  })
}

const duration = (name: FieldName) =>
  documented(
    z.union([z.number(), z.string()]).refine((value) => parseDuration(value) !== undefined),
    name,
    {
      anyOf: [
        { type: 'number', minimum: 0 },
        { type: 'string', pattern: '^\\s*\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)\\s*$' },
      ],
    },
  )

const limit = (name: FieldName) => duration(name).refine((value) => parseDuration(value) !== 0)

const nameOrNames = (name: FieldName, pattern: string) =>
  documented(z.union([z.string().meta({ pattern }), z.array(z.string().meta({ pattern }))]), name)

/** JSON is checked before the schema is asked, so here any value will do. */
const json = (name: FieldName) => documented(z.any(), name)

const attempts = z.int().min(1).max(100)

const retry = z.strictObject({
  attempts: documented(attempts, 'jobs.*.retry.attempts').optional(),
  delay: duration('jobs.*.retry.delay').optional(),
  maxDelay: duration('jobs.*.retry.maxDelay').optional(),
})

const job = documented(
  z.strictObject({
    task: documented(z.string(), 'jobs.*.task', { pattern: TASK_PATTERN }),
    with: json('jobs.*.with').optional(),
    needs: nameOrNames('jobs.*.needs', NAME_PATTERN).optional(),
    when: documented(z.enum(TRIGGERS), 'jobs.*.when').optional(),
    foreach: documented(z.union([z.string(), z.array(z.any())]), 'jobs.*.foreach').optional(),
    uses: nameOrNames('jobs.*.uses', TASK_PATTERN).optional(),
    queue: documented(z.string(), 'jobs.*.queue', { pattern: TASK_PATTERN }).optional(),
    priority: documented(z.enum(LEVELS), 'jobs.*.priority').optional(),
    delay: duration('jobs.*.delay').optional(),
    timeout: limit('jobs.*.timeout').optional(),
    estimate: duration('jobs.*.estimate').optional(),
    complexity: documented(z.enum(COMPLEXITIES), 'jobs.*.complexity').optional(),
    type: documented(z.string(), 'jobs.*.type', { pattern: TASK_PATTERN }).optional(),
    retry: documented(z.union([attempts, retry]), 'jobs.*.retry').optional(),
  }),
  'jobs.*',
)

/** The shape of a workflow, the same for files, library objects and HTTP. Relations between jobs are checked elsewhere. */
export const WORKFLOW_SCHEMA = z
  .strictObject({
    $schema: documented(z.string(), '$schema').optional(),
    name: documented(z.string(), 'name', { pattern: NAME_PATTERN }),
    priority: documented(z.enum(LEVELS), 'priority').optional(),
    tenant: documented(z.string(), 'tenant', { pattern: TASK_PATTERN }).optional(),
    deadline: limit('deadline').optional(),
    onFailure: documented(z.enum(FAILURE_POLICIES), 'onFailure').optional(),
    inputs: documented(z.record(z.string(), z.any()), 'inputs', {
      propertyNames: { pattern: NAME_PATTERN },
    }).optional(),
    jobs: documented(z.record(z.string(), job), 'jobs', { propertyNames: { pattern: NAME_PATTERN }, minProperties: 1 }),
  })
  .meta({ title: 'Millrace workflow', description: 'A named DAG of jobs that are submitted together.' })
