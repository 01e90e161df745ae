import type { JobCounts } from '@millrace/shared'
import { amount } from './amount.ts'
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
  return (
    look.paint('green', '█'.repeat(good)) +
    look.paint('red', '▓'.repeat(bad - good)) +
    look.paint('yellow', '▒'.repeat(over - bad)) +
    look.paint('dim', '░'.repeat(width - over))
  )
}

/** `8 jobs: 5 succeeded, 1 dead, 2 waiting`: what is zero is left out. */
export function countsText(jobs: JobCounts): string {
  const parts = [
    [jobs.succeeded, 'succeeded'],
    [jobs.dead, 'dead'],
    [jobs.skipped, 'skipped'],
    [jobs.cancelled, 'cancelled'],
    [jobs.runnable, 'running or queued'],
    [jobs.waiting, 'waiting'],
  ] as const
  const named = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  const total = amount(jobs.total, 'job')
  return named.length === 0 ? total : `${total}: ${named.join(', ')}`
}
