/** Between how many jobs a worker may run at once. Equal bounds: the number is fixed. */
export interface ConcurrencyRange {
  readonly min: number
  readonly max: number
}

export const MAX_SLOTS = 512

/** Where a range begins, until something has been measured. */
const FIRST = 8

/** `8`, fixed, or `2-64`; nothing when it is neither. */
export function parseRange(text: string): ConcurrencyRange | undefined {
  const match = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(text)
  if (!match) return undefined
  const min = Number(match[1])
  const max = Number(match[2] ?? match[1])
  return min >= 1 && min <= max && max <= MAX_SLOTS ? { min, max } : undefined
}

export const isFixed = ({ min, max }: ConcurrencyRange): boolean => min === max

export const firstLimit = ({ min, max }: ConcurrencyRange): number => Math.min(max, Math.max(min, FIRST))

export const rangeText = ({ min, max }: ConcurrencyRange): string => (min === max ? `${min}` : `${min}-${max}`)
