/** What letters are filtered and counted by, as briefs.lua keeps it of each. */
export interface Brief {
  readonly id: string
  /** Grows with every letter of the pool; a page ends at one. */
  readonly place: number
  readonly queue: string
  readonly task: string
  readonly code: string
  readonly fingerprint: string
  /** Of the workflow; absent for a job outside of any. */
  readonly workflow: string | undefined
  readonly workflowName: string | undefined
  readonly tenant: string | undefined
  /** Ms since 1970. */
  readonly failedAt: number
  readonly attempts: number
}

export function readBrief(id: string, place: string, text: string): Brief {
  const [failedAt, attempts, task = '', code = '', fingerprint = '', workflow, workflowName, tenant] = text.split(
    '\n',
    8,
  )
  return {
    id,
    place: Number(place),
    queue: queueOf(id),
    task,
    code,
    fingerprint,
    workflow: workflow || undefined,
    workflowName: workflowName || undefined,
    tenant: tenant || undefined,
    failedAt: Number(failedAt),
    attempts: Number(attempts),
  }
}

/** The queue of a dead letter's job: its id is `<queue>~<job id>`. */
export const queueOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('~')))
