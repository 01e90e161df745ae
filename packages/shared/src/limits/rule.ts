/**
 * How many attempts may begin, over all workers of a pool: at most `slots` at the same time, at most `max` in any stretch of
 * `perMs`, or both. Whoever may not begin waits in the lot.
 */
export interface LimitRule {
  readonly lot: string
  readonly slots?: number | undefined
  readonly rate?: { readonly max: number; readonly perMs: number } | undefined
}

/** As the scripts take rules: four each; 0 where there is no limit. */
export const ruleArguments = (rules: readonly LimitRule[]): (string | number)[] =>
  rules.flatMap(({ lot, slots = 0, rate }) => [lot, slots, rate?.max ?? 0, rate?.perMs ?? 0])
