import { type Finding, type Path, showPath } from '../finding.ts'
import type { Json } from '../json.ts'
import { durationMs } from '../normalise.ts'
import { isRecord } from '../references/walk.ts'
import { type JobFacts, namesIn } from './facts.ts'
import { nameFindings } from './names.ts'

/** Names and values of a workflow that the schema leaves alone. */
export function workflowFindings(workflow: Json): Finding[] {
  if (!isRecord(workflow)) return []
  const { name, tenant, inputs, jobs } = workflow
  const findings = typeof name === 'string' ? nameFindings(name, ['name'], 'value') : []
  if (typeof tenant === 'string') findings.push(...nameFindings(tenant, ['tenant'], 'value', true))
  for (const input of isRecord(inputs) ? Object.keys(inputs) : [])
    findings.push(...nameFindings(input, ['inputs', input], 'key'))
  for (const job of isRecord(jobs) ? Object.keys(jobs) : []) findings.push(...nameFindings(job, ['jobs', job], 'key'))
  if (isRecord(jobs) && Object.keys(jobs).length === 0) {
    const message = 'The workflow has no jobs: add at least one under jobs.'
    findings.push({ code: 'MILLRACE_WORKFLOW_EMPTY', message, path: ['jobs'], at: 'key' })
  }
  return findings
}

/** The same for one job. */
export function jobFindings({ fields, path }: JobFacts): Finding[] {
  const dotted = (['task', 'queue', 'type'] as const).flatMap((field) => {
    const name = fields[field]
    return typeof name === 'string' ? nameFindings(name, [...path, field], 'value', true) : []
  })
  const resources = namesIn(fields.uses, [...path, 'uses']).flatMap((use) =>
    nameFindings(use.name, use.path, 'value', true),
  )
  return [...dotted, ...resources, ...retryFindings(fields.retry, [...path, 'retry'])]
}

function retryFindings(retry: Json | undefined, path: Path): Finding[] {
  if (!isRecord(retry)) return []
  const delayMs = durationMs(retry.delay)
  const maxDelayMs = durationMs(retry.maxDelay)
  if (delayMs === undefined || maxDelayMs === undefined || maxDelayMs >= delayMs) return []
  const message = `${showPath(path)}.maxDelay is shorter than its delay: make it ${delayMs} ms or more, or shorten the delay.`
  return [{ code: 'MILLRACE_DURATION', message, path: [...path, 'maxDelay'] }]
}
