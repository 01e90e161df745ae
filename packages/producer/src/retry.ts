import { MillraceError, type PoolKeys, readSummary, reviveWorkflow, scanDeadLetters } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

/** Runs again what is dead, skipped or cancelled of a workflow, and nothing that succeeded. */
export function retry(client: Redis, keys: PoolKeys, letters: Producer['deadLetters']): Producer['retry'] {
  return async (id) => {
    const before = await readSummary(client, keys, id)
    if (!before) throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow ${JSON.stringify(id)}.`)
    if (before.state === 'cancelled') {
      const revival = await reviveWorkflow(client, keys, id)
      if (revival === 'busy') {
        const message = `Jobs of ${id} that ran when it was cancelled have not ended yet; try again when they have.`
        throw new MillraceError('MILLRACE_USAGE', message)
      }
      if (revival === 'half-loaded') {
        const message = `${id} was cancelled before all of it had been written; submit it again.`
        throw new MillraceError('MILLRACE_USAGE', message)
      }
    }
    const ids: string[] = []
    for await (const letter of scanDeadLetters(client, keys, { workflow: id })) {
      if (letter.workflow?.id === id) ids.push(letter.id) // not others of a workflow that is named so
    }
    const { replayed } = await letters.replay({ ids })
    const summary = (await readSummary(client, keys, id)) ?? before
    return { replayed, revived: before.state === 'cancelled' ? before.jobs.cancelled : 0, summary }
  }
}
