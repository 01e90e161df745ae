import { didYouMean, MillraceError, nearestOf } from '@millrace/shared'
import type { Producer } from '../contract.ts'

/**
 * A misspelt name would otherwise change a queue that nobody uses, and say that all is well.
 *
 * @throws MillraceError MILLRACE_USAGE
 */
export async function requireQueue(pool: Producer, name: string): Promise<void> {
  const names = (await pool.queues.list()).map((queue) => queue.name)
  if (names.includes(name)) return
  const known = names.length === 0 ? 'There are none yet.' : `There are: ${names.join(', ')}.`
  throw new MillraceError(
    'MILLRACE_USAGE',
    `No job was ever sent to a queue ${JSON.stringify(name)}.${didYouMean(nearestOf(names)(name))} ${known}`,
  )
}
