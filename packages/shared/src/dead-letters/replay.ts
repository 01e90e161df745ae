import type { Redis } from 'ioredis'
import { DEPENDENTS_PER_CALL } from '../engine/pack.ts'
import { workOffResidue } from '../engine/residue.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { rebaseWorkflows } from '../upkeep/rebase.ts'

const replayScript = readScript<number>(new URL('./replay.lua', import.meta.url))

/**
 * `replayed`: the job is back in its queue. `gone`: there is no such letter (any more). `job-gone`: its job was removed.
 * `cancelled`: its workflow was cancelled, and that is final.
 */
export type ReplayOutcome = 'replayed' | 'gone' | 'job-gone' | 'cancelled'

const OUTCOMES: Readonly<Record<number, ReplayOutcome>> = {
  2: 'replayed',
  0: 'gone',
  [-1]: 'job-gone',
  [-2]: 'cancelled',
}

/** A job's id is its workflow's id, a dot, and its name; ids of workflows have no dots. */
const workflowOf = (jobId: string) => jobId.slice(0, jobId.indexOf('.'))

/**
 * Sends the job of a dead letter back to its own queue with fresh attempts, and un-skips what its failure had skipped.
 * However many replay the same letter at once, one of them does; the others find it gone.
 *
 * @param chosen for a paced replay: its id, and the letter's score when it was chosen, so that a job that has failed again
 *   since is left alone
 */
export async function replayDeadLetter(
  client: Redis,
  keys: PoolKeys,
  id: string,
  now: () => number = Date.now,
  chosen: { readonly behalf?: string; readonly score?: string } = {},
): Promise<ReplayOutcome> {
  const { behalf = '', score = '' } = chosen
  const at = id.indexOf('~')
  if (at < 1) return 'gone'
  const queue = id.slice(0, at)
  const suffix = `${queue}:${id.slice(at + 1)}`
  const target = [
    keys.job(DEAD_LETTERS, id),
    keys.queue(DEAD_LETTERS, 'prioritized'),
    keys.frontier(id),
    keys.replays,
    keys.residue,
    `${keys.prefix}:${suffix}`,
    ...['events', 'failed', 'wait', 'meta', 'active', 'marker', 'prioritized', 'pc'].map((type) =>
      keys.queue(queue, type),
    ),
    keys.scheduling,
  ]
  for (;;) {
    const code = await replayScript(client, target, [
      keys.prefix,
      now(),
      DEPENDENTS_PER_CALL,
      id,
      suffix,
      behalf,
      score,
    ])
    const outcome = OUTCOMES[code]
    if (outcome) return outcome
    if (code === -3) await workOffResidue(client, keys, now)
    if (code === -4) await rebaseWorkflows(client, keys, [workflowOf(id.slice(at + 1))])
  }
}
