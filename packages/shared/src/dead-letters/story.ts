import type { Redis } from 'ioredis'
import type { JobData } from '../engine/job-data.ts'
import { readNeeds } from '../engine/needs.ts'
import { type FailureView, readFailure } from '../failures/failures.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { DeadLetter } from '../views/views.ts'
import type { Json } from '../workflow/json.ts'
import type { JobState } from '../workflow/states.ts'
import { queueOf } from './briefs/brief.ts'
import { readLetter, type StoredLetter } from './letter.ts'

const waitingScript = readScript<string[]>(new URL('./waiting.lua', import.meta.url))

/** Jobs that wait on a dead one which are named; more are not looked for. */
const MOST_WAITING = 200

/** A dead letter and all that the pool knows of its job besides. */
export interface DeadLetterStory extends DeadLetter {
  /** False when it was removed together with its workflow, or never was in this pool: the letter cannot be replayed. */
  readonly jobExists: boolean
  /** The outputs that it had for its input, by need; absent when its job is gone. */
  readonly needs: Readonly<Record<string, Json>> | undefined
  /** What its attempts left for the next; absent when they left nothing. */
  readonly checkpoint: Json | undefined
  /** Of the trace that its workflow was submitted in, 32 hexadecimal digits. */
  readonly traceId: string | undefined
  /** Jobs that did not run since it failed, the nearest first: a replay that succeeds lets them. At most 200. */
  readonly waiting: readonly { readonly job: string; readonly queue: string; readonly state: JobState }[]
  /** Whether there are more than those. */
  readonly moreWaiting: boolean
  /** What is known of all failures like it. */
  readonly failure: FailureView | undefined
}

/** The whole story of one dead letter, or `undefined` when there is none of this id. Cost: some six reads. */
export async function readDeadLetterStory(
  client: Redis,
  keys: PoolKeys,
  id: string,
): Promise<DeadLetterStory | undefined> {
  const text = await client.hget(keys.job(DEAD_LETTERS, id), 'data')
  if (!text) return undefined
  const place = await client.zscore(keys.queue(DEAD_LETTERS, 'prioritized'), id)
  const letter = readLetter(id, Number(place), text)
  const { data } = JSON.parse(text) as StoredLetter
  const queue = queueOf(id)
  const jobId = id.slice(queue.length + 1)
  const [options, ...rest] = await waitingScript(
    client,
    [keys.job(queue, jobId)],
    [keys.prefix, `${queue}:${jobId}`, MOST_WAITING],
  )
  const exists = options !== undefined
  const checkpoint = await client.hget(keys.kept(queue, jobId), 'checkpoint')
  return {
    ...letter,
    jobExists: exists,
    needs: exists && data?.needs ? await readNeeds(client, keys, data as JobData) : undefined,
    checkpoint: checkpoint === null ? undefined : (JSON.parse(checkpoint) as Json),
    traceId: /[\da-f]{2}-([\da-f]{32})-[\da-f]{16}/.exec(options ?? '')?.[1],
    waiting: waitingOf(rest, letter.workflow?.id ?? ''),
    moreWaiting: rest.length / 2 >= MOST_WAITING,
    failure: await readFailure(client, keys, letter.fingerprint),
  }
}

function waitingOf(flat: readonly string[], workflow: string): DeadLetterStory['waiting'] {
  const found: { job: string; queue: string; state: JobState }[] = []
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const suffix = flat[i] as string
    const at = suffix.indexOf(':')
    found.push({
      job: suffix.slice(at + 1 + workflow.length + 1),
      queue: suffix.slice(0, at),
      state: flat[i + 1] as JobState,
    })
  }
  return found
}
