import * as z from 'zod'
import { SEVERITIES } from '../errors/catalogue.ts'

const time = z.int().min(0)

/** What an imported letter must have; what else it has is kept as it is. */
const Line = z.strictObject({
  id: z.string().regex(/^[\w.-]+~[^\s~:]+$/, 'must be <queue>~<job id>'),
  letter: z.looseObject({
    queue: z.string(),
    jobId: z.string(),
    task: z.string().min(1),
    code: z.string().min(1),
    message: z.string(),
    severity: z.enum(SEVERITIES),
    category: z.string(),
    fingerprint: z.string().regex(/^[\da-f]{12}$/, 'must be 12 hexadecimal digits'),
    attempts: z.int().min(0),
    worker: z.string().nullable(),
    submittedAt: time,
    startedAt: time.nullable(),
    failedAt: time,
    context: z.record(z.string(), z.json()).nullable(),
    stack: z.array(z.string()),
    history: z.array(z.looseObject({ attempt: z.int(), fencingToken: z.int().optional(), failedAt: time })).optional(),
    data: z.looseObject({ workflow: z.string().optional(), workflowName: z.string().optional() }).nullable(),
  }),
})

export interface ImportLine {
  readonly id: string
  /** JSON of the letter. */
  readonly text: string
  /** In the order in which import.lua takes them. */
  readonly names: readonly string[]
  readonly rest: { readonly failedAt: number; readonly attempts: number; readonly message: string }
}

type Read = { readonly ok: true; readonly line: ImportLine } | { readonly ok: false; readonly problem: string }

const MAX_LISTED = 3

/** One line of an export, or what is wrong with it. */
export function readImportLine(text: string): Read {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, problem: `is not JSON: ${(error as Error).message}` }
  }
  const parsed = Line.safeParse(value)
  if (!parsed.success) {
    const { issues } = parsed.error
    const listed = issues.slice(0, MAX_LISTED).map(({ path, message }) => `${path.join('.') || 'line'}: ${message}`)
    const more = issues.length > MAX_LISTED ? `; and ${issues.length - MAX_LISTED} more` : ''
    return { ok: false, problem: `is no dead letter: ${listed.join('; ')}${more}` }
  }
  const { id, letter } = parsed.data
  const own = `${letter.queue}~${letter.jobId}`
  if (id !== own) return { ok: false, problem: `is no dead letter: its id is ${id}, and its job's would be ${own}` }
  const { task, code, fingerprint, failedAt, attempts, message, data } = letter
  const { workflow = '', workflowName = '' } = data ?? {}
  const tenant = typeof data?.['tenant'] === 'string' ? data['tenant'] : ''
  const names = [task, code, fingerprint, workflow, workflowName, tenant]
  return { ok: true, line: { id, text: letterText(text), names, rest: { failedAt, attempts, message } } }
}

/** The letter as it stands in the line: parsing and writing it anew would round large numbers of an input. */
function letterText(line: string): string {
  const exported = /^\s*\{"id":"(?:[^"\\]|\\.)*","letter":(\{.*\})\}\s*$/s.exec(line)?.[1]
  return exported !== undefined && isJson(exported)
    ? exported
    : JSON.stringify((JSON.parse(line) as { letter: unknown }).letter)
}

/** A line that names the letter twice is JSON; what stands between its ends is not. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
