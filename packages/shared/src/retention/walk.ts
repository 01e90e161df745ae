import { type RetentionRule, ruleOf } from './rule.ts'

/** How far the walk over all dead letters is. It goes from the newest to the oldest, some letters a turn. */
export interface Walk {
  /** Place to go on before; absent at the beginning. */
  readonly before?: number | undefined
  /** Queue → its letters met so far in this walk. */
  readonly met: Readonly<Record<string, number>>
}

/** A letter, and since when it is kept: since it failed, or was imported. Ms since 1970. */
export interface Kept {
  readonly id: string
  readonly queue: string
  readonly since: number
}

/**
 * Which of these letters are not kept any more, and how many of each queue the walk has met then. What fails while the
 * walk is under way is not counted before the next: too many are kept for a while, never too few.
 */
export function expired(
  letters: readonly Kept[],
  met: Walk['met'],
  rules: ReadonlyMap<string, RetentionRule>,
  now: number,
): { readonly ids: string[]; readonly met: Walk['met'] } {
  const counts = { ...met }
  const ids: string[] = []
  for (const { id, queue, since } of letters) {
    const { ageMs, count } = ruleOf(rules, queue)
    const number = (counts[queue] ?? 0) + 1
    if (number > count || now - since > ageMs) ids.push(id)
    else counts[queue] = number
  }
  return { ids, met: counts }
}
