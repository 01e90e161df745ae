/** When a paced replay stops by itself: more failures than `count`, or than `percent` of the jobs that have ended again. */
export type StopRule = { readonly percent: number } | { readonly count: number }

/** A share of fewer ends says nothing: the first failure of one would be all of them. */
export const ENDS_FOR_A_SHARE = 10

/** Reads `failed>10%` or `failed>20`; `undefined` when it is neither. */
export function readStopRule(text: string): StopRule | undefined {
  const match = /^\s*failed\s*>\s*(\d+(?:\.\d+)?)(%?)\s*$/.exec(text)
  if (!match) return undefined
  const limit = Number(match[1])
  if (match[2] === '%') return limit < 100 ? { percent: limit } : undefined
  return Number.isSafeInteger(limit) ? { count: limit } : undefined
}

export const stopRuleText = (rule: StopRule): string =>
  'percent' in rule ? `failed>${rule.percent}%` : `failed>${rule.count}`
