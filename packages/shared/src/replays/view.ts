import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { type StopRule, stopRuleText } from './stop-rule.ts'

const REPLAY_STATES = ['preparing', 'running', 'paused', 'stopped', 'done'] as const
export type ReplayState = (typeof REPLAY_STATES)[number]

/** A paced replay as it is now. Times in milliseconds since 1970. */
export interface ReplayView {
  readonly id: string
  readonly state: ReplayState
  /** Why it stopped: a canary failed, too many failures, or somebody stopped it. */
  readonly why: 'canary' | 'failures' | 'operator' | undefined
  readonly actor: string
  readonly ratePerSecond: number
  /** How many go first; 0 for none. */
  readonly canary: number
  /** Whether those that went first have all succeeded. */
  readonly canaryPassed: boolean
  readonly stopIf: string | undefined
  /** Letters that were chosen at the start. */
  readonly total: number
  /** Jobs that were sent back to their queues. */
  readonly replayed: number
  /** Of those, what has ended again. */
  readonly succeeded: number
  readonly failed: number
  /** Letters that somebody else had replayed or discarded. */
  readonly gone: number
  /** Letters whose job was removed or whose workflow is cancelled. */
  readonly refused: number
  /** Letters that are still to be replayed, or, of one that was stopped, were left in the dead-letter queue. */
  readonly left: number
  readonly startedAt: number
  readonly finishedAt: number | undefined
}

/** A paced replay, or `undefined` when there is none of this id (any more: they are kept for 30 days). */
export async function readReplay(client: Redis, keys: PoolKeys, id: string): Promise<ReplayView | undefined> {
  const [fields, toGo, inHand] = await Promise.all([
    client.hgetall(keys.paced(id)),
    client.llen(keys.pacedPart(id, 'letters')),
    client.hlen(keys.pacedPart(id, 'hand')),
  ])
  return fields['state'] ? viewOf(id, fields, toGo + inHand) : undefined
}

/** The newest first. */
export async function listReplays(client: Redis, keys: PoolKeys, limit = 20): Promise<ReplayView[]> {
  const ids = await client.zrevrange(keys.pacedReplays, 0, limit - 1)
  const views = await Promise.all(ids.map((id) => readReplay(client, keys, id)))
  return views.filter((view) => view !== undefined)
}

function viewOf(id: string, fields: Readonly<Record<string, string>>, toGo: number): ReplayView {
  const number = (name: string) => Number(fields[name] ?? 0)
  const rule: StopRule | undefined =
    fields['percent'] !== undefined
      ? { percent: number('percent') }
      : fields['count'] !== undefined
        ? { count: number('count') }
        : undefined
  return {
    id,
    state: fields['state'] as ReplayState,
    why: fields['why'] as ReplayView['why'],
    actor: fields['actor'] ?? '',
    ratePerSecond: number('rate'),
    canary: number('canary'),
    canaryPassed: fields['passed'] === '1',
    stopIf: rule && stopRuleText(rule),
    total: number('total'),
    replayed: number('sent'),
    succeeded: number('succeeded'),
    failed: number('failed'),
    gone: number('gone'),
    refused: number('refused'),
    left: toGo + number('left'),
    startedAt: number('startedAt'),
    finishedAt: fields['finishedAt'] ? number('finishedAt') : undefined,
  }
}
