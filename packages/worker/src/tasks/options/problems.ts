import { type Duration, MAX_DURATION_MS, parseDuration } from '@millrace/shared'

/** Everything that is wrong with a declaration, said in whole sentences. */
export interface Problems {
  readonly list: readonly string[]
  check(holds: boolean, problem: () => string): void
  /** Milliseconds; 0 and a problem when the value is no duration or shorter than `least`. */
  duration(field: string, value: Duration, least: number): number
  whole(field: string, value: unknown, least: number, most: number): void
}

export function collectProblems(): Problems {
  const list: string[] = []
  const check = (holds: boolean, problem: () => string) => {
    if (!holds) list.push(problem())
  }
  return {
    list,
    check,
    duration(field, value, least) {
      const ms = parseDuration(value)
      check(ms !== undefined && ms >= least, () => {
        const range = `from ${least} ms to ${MAX_DURATION_MS / 86_400_000} days`
        return `${field} is ${show(value)}; write milliseconds, or a number with a unit such as "30s" or "5m", ${range}`
      })
      return ms ?? 0
    },
    whole(field, value, least, most) {
      check(Number.isInteger(value) && (value as number) >= least && (value as number) <= most, () => {
        return `${field} is ${show(value)}; write a whole number from ${least} to ${most}`
      })
    },
  }
}

/** A value as a message shows it: text in quotes and cut, objects by their kind alone. */
export const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value.slice(0, 120))
    : typeof value === 'object' && value
      ? 'an object'
      : String(value)
