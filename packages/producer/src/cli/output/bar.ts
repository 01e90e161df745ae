import type { JobCounts } from '@millrace/shared'
import { amount, amounts } from './amount.ts'
import type { Look } from './look.ts'

const ended = (jobs: JobCounts) => jobs.succeeded + jobs.dead + jobs.skipped + jobs.cancelled

/** Share of the jobs that have ended, in whole percent; 100 only when all have. */
export const percent = (jobs: JobCounts): number =>
  jobs.total === 0 ? 100 : Math.floor((100 * ended(jobs)) / jobs.total)

/** A bar of `width` columns: succeeded, then dead, then skipped or cancelled jobs, then what is still open. */
export function renderBar(jobs: JobCounts, width: number, look: Look): string {
  const columnOf = (count: number) => (jobs.total === 0 ? width : Math.floor((count / jobs.total) * width))
  const good = columnOf(jobs.succeeded)
  const bad = Math.max(columnOf(jobs.succeeded + jobs.dead), Math.min(width, jobs.dead > 0 ? good + 1 : good))
  const over = Math.max(columnOf(ended(jobs)), bad)
  return drawBar([good, bad, over], width, look)
}

/** A bar of `width` columns: green, red and yellow up to the columns given, the rest dim. An end before the last counts as that. */
export function drawBar([green, red, yellow]: readonly [number, number, number], width: number, look: Look): string {
  return (
    look.paint('green', '█'.repeat(green)) +
    look.paint('red', '▓'.repeat(red - green)) +
    look.paint('yellow', '▒'.repeat(Math.max(0, yellow - red))) +
    look.paint('dim', '░'.repeat(width - Math.max(red, yellow)))
  )
}

/** `8 jobs: 5 succeeded, 1 dead, 2 waiting`: what is zero is left out. */
export function countsText(jobs: JobCounts): string {
  const named = amounts([
    [jobs.succeeded, 'succeeded'],
    [jobs.dead, 'dead'],
    [jobs.skipped, 'skipped'],
    [jobs.cancelled, 'cancelled'],
    [jobs.runnable, 'running or queued'],
    [jobs.waiting, 'waiting'],
  ])
  const total = amount(jobs.total, 'job')
  return named.length === 0 ? total : `${total}: ${named.join(', ')}`
}
