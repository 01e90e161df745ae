import { ERRORS } from '../errors/catalogue.ts'
import type { JobFacts } from './facts.ts'
import type { Reason } from './reason.ts'
import { counted, spanText } from './words.ts'

/** How a job ended, and what can be done about it; nothing while it has not. */
export function endReason(job: JobFacts, now: number): Reason | undefined {
  const { state, startedAt, finishedAt, attempts } = job
  const ago = finishedAt === undefined ? '' : ` ${spanText(now - finishedAt)} ago`
  if (state === 'succeeded') {
    const took =
      startedAt !== undefined && finishedAt !== undefined ? `, after ${spanText(finishedAt - startedAt)}` : ''
    return { code: 'succeeded', text: `It succeeded${ago}${took}.` }
  }
  if (state === 'dead') return deadReason(job, ago)
  if (state === 'skipped') {
    const why =
      job.skip === 'unneeded' ? 'what it was to react to did not happen' : 'a job that it needs did not succeed'
    return {
      code: 'skipped',
      text: `It was skipped${ago}: ${why}.`,
      ...(job.skip !== 'unneeded' && { help: `millrace retry ${job.workflow} runs what failed again, and then this.` }),
    }
  }
  if (state === 'cancelled') {
    const begun = attempts > 0 ? `, after ${counted(attempts, 'attempt')}` : ''
    const help = `millrace retry ${job.workflow} opens the workflow again.`
    return { code: 'cancelled', text: `It was cancelled with its workflow${begun}.`, help }
  }
  return undefined
}

function deadReason({ queue, workflow, job, error, attempts, worker }: JobFacts, ago: string): Reason {
  const letter = `${queue}~${workflow}.${job}`
  const { code = 'MILLRACE_TASK_FAILED', message = '' } = error ?? {}
  const tries = attempts > 0 ? ` after ${counted(attempts, 'attempt')}` : ' before any attempt'
  const known = code in ERRORS ? `${ERRORS[code as keyof typeof ERRORS].help} ` : ''
  return {
    code: 'dead',
    text: `It failed for good${ago}${tries}: ${[code, ...message.split('\n', 1)].filter(Boolean).join(': ')}`,
    help: `${known}Look: millrace dlq show ${letter}; mend the cause; then: millrace dlq replay ${letter}`,
    data: { error: code, letter, attempts, ...(worker !== undefined && { worker }) },
  }
}
