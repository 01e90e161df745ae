/**
 * How many attempts may begin, over all workers of a pool. With `perMs`, at most `max` in any stretch of time of that
 * length; without, at most `max` at the same time. Who may not begin waits in the lot.
 */
export interface LimitRule {
  readonly lot: string
  readonly max: number
  /** 0: counted as long as the attempt runs. */
  readonly perMs: number
}

/** As the scripts take rules: three texts each. */
export const ruleArguments = (rules: readonly LimitRule[]): (string | number)[] =>
  rules.flatMap(({ lot, max, perMs }) => [lot, max, perMs])
