import { MillraceError } from '../errors/millrace-error.ts'

/** As admission.lua says why it does not take a workflow. */
export type Refusal =
  | readonly [code: 2, workflow: string]
  | readonly [code: -3, queue: string, jobs: number, capacity: number, waitMs: number, shed: 0 | 1]
  | readonly [code: -4, tenant: string, jobs: number, most: number, waitMs: number]

/** The error of a refusal, with `retryAfter` unless waiting is of no use. */
export function refusalError(refusal: Exclude<Refusal, readonly [2, string]>, jobs: number): MillraceError {
  const [code, name, there, most, waitMs] = refusal
  const own = `this workflow brings ${jobs}`
  if (code === -4) {
    const message = `The tenant "${name}" has ${there} jobs in line and may have ${most}; ${own}. ${again(waitMs)}`
    return new MillraceError('MILLRACE_TENANT_FULL', message, retryAfter(waitMs))
  }
  const message =
    refusal[5] === 1
      ? `The queue "${name}" holds ${there} of ${most} jobs and sheds those of the levels low and background from 90 % on; ${own}. ${again(waitMs)}`
      : `The queue "${name}" is full: it holds ${there} of ${most} jobs; ${own}. ${again(waitMs)}`
  return new MillraceError('MILLRACE_QUEUE_FULL', message, retryAfter(waitMs))
}

const again = (waitMs: number) =>
  waitMs === 0
    ? 'So many never have room: raise the limit, or submit fewer at once.'
    : `Nothing was written; try again in about ${Math.ceil(waitMs / 1_000)} s.`

const retryAfter = (waitMs: number) => (waitMs === 0 ? {} : { retryAfter: waitMs })
