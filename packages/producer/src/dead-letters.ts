import {
  type DeadLetterFilter,
  deadLetterStats,
  discardDeadLetters,
  exportDeadLetters,
  importDeadLetters,
  type PoolKeys,
  queryDeadLetters,
  type ReplayOutcome,
  readDeadLetterStory,
  readRetention,
  replayDeadLetter,
  scanBriefs,
  setRetention,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

type Which = { ids: readonly string[] } | { filter: DeadLetterFilter }

const REFUSALS: Partial<Record<ReplayOutcome, string>> = {
  'job-gone': 'its job was removed',
  cancelled: 'its workflow was cancelled',
}

/** The dead-letter half of a producer. */
export function deadLetters(
  client: Redis,
  keys: PoolKeys,
  edit: Producer['deadLetters']['edit'],
): Producer['deadLetters'] {
  /** A filter is turned into ids first, so that what fails meanwhile is not replayed by the way. */
  async function idsOf(which: Which): Promise<readonly string[]> {
    if ('ids' in which) return which.ids
    const ids: string[] = []
    for await (const { id } of scanBriefs(client, keys, which.filter)) ids.push(id)
    return ids
  }

  return {
    query: (filter, page) => queryDeadLetters(client, keys, filter, page),
    stats: (filter) => deadLetterStats(client, keys, filter),
    get: (id) => readDeadLetterStory(client, keys, id),
    export: (filter) => exportDeadLetters(client, keys, filter),
    import: (lines) => importDeadLetters(client, keys, lines),
    async replay(which) {
      const report = { replayed: [] as string[], gone: [] as string[], refused: [] as { id: string; reason: string }[] }
      for (const id of await idsOf(which)) {
        const outcome = await replayDeadLetter(client, keys, id)
        const reason = REFUSALS[outcome]
        if (reason) report.refused.push({ id, reason })
        else report[outcome === 'replayed' ? 'replayed' : 'gone'].push(id)
      }
      return report
    },
    edit,
    async discard(which) {
      const ids = await idsOf(which)
      const discarded = await discardDeadLetters(client, keys, ids)
      const done = new Set(discarded)
      return { discarded, gone: ids.filter((id) => !done.has(id)) }
    },
    retention: {
      list: () => readRetention(client, keys),
      set: (queue, rule) => setRetention(client, keys, queue, rule),
    },
  }
}
