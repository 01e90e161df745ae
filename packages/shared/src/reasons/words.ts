import type { Level } from '../workflow/states.ts'
import { LEVELS } from '../workflow/states.ts'

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000]

/** `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 5 min`, `3 d 4 h`. */
export function spanText(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  if (whole < SECOND) return `${whole} ms`
  if (whole < MINUTE) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`
  if (whole < HOUR) return two(whole, MINUTE, 'min', SECOND, 's')
  if (whole < DAY) return two(whole, HOUR, 'h', MINUTE, 'min')
  return two(whole, DAY, 'd', HOUR, 'h')
}

function two(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`
}

/** `1 job`, `12 jobs`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `3 high, 40 normal`: the levels that there are, the most urgent first. */
export const levelsText = (levels: Readonly<Record<Level, number>>): string =>
  LEVELS.filter((level) => levels[level] > 0)
    .map((level) => `${levels[level]} ${level}`)
    .join(', ')

/** The first few of many: `a, b, c and 4 more`. */
export function listText(names: readonly string[], total: number = names.length, most = 5): string {
  const shown = names.slice(0, most)
  const rest = total - shown.length
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
