import { DEAD_LETTERS } from '@millrace/shared'

/** Our page of a job that Bull Board shows. */
export function pageOf(queue: string, { id, data }: { readonly id?: unknown; readonly data?: unknown }) {
  if (queue === DEAD_LETTERS) {
    return { displayText: 'Replay or discard', href: `/dead-letters?letter=${encodeURIComponent(String(id))}` }
  }
  const { workflow = '', job = '' } = (data ?? {}) as { workflow?: string; job?: string }
  return { displayText: 'Workflow', href: `/workflows/${encodeURIComponent(workflow)}#${encodeURIComponent(job)}` }
}
