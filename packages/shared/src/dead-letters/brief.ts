/** What letters are filtered and counted by, as letter.lua keeps it beside each. */
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
  /** Its first 500 bytes. */
  readonly message: string
}

export function readBrief(id: string, place: string, text: string): Brief {
  const [failedAt, attempts, task = '', code = '', fingerprint = '', workflow, workflowName, tenant, ...message] =
    text.split('\n')
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
    message: message.join('\n').replace(/\ufffd$/, ''), // a character that was cut
  }
}

/** The queue of a dead letter's job: its id is `<queue>~<job id>`. */
export const queueOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('~')))
