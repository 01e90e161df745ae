const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms` · `4.2 s` · `3 min 05 s` · `2 h 05 min` · `3 d 04 h`: two units at most. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  if (whole < SECOND) return `${whole} ms`
  if (whole < 59_950) return `${(whole / SECOND).toFixed(1)} s` // from there on one digit would say "60.0 s"
  if (whole < HOUR - SECOND / 2) return twoUnits(Math.round(whole / SECOND), 60, 'min', 's')
  if (whole < DAY - MINUTE / 2) return twoUnits(Math.round(whole / MINUTE), 60, 'h', 'min')
  return twoUnits(Math.round(whole / HOUR), 24, 'd', 'h')
}

/** `3 s ago`, `2 h ago`, `in 5 min`: one unit, rounded down. */
export function agoText(at: number, now: number): string {
  const ms = Math.abs(now - at)
  if (ms < SECOND) return 'just now'
  const text =
    ms < MINUTE
      ? `${Math.floor(ms / SECOND)} s`
      : ms < HOUR
        ? `${Math.floor(ms / MINUTE)} min`
        : ms < DAY
          ? `${Math.floor(ms / HOUR)} h`
          : `${Math.floor(ms / DAY)} d`
  return at > now ? `in ${text}` : `${text} ago`
}

/** Local time of day, `09:05:00`. */
export function clockText(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
}

/** Local time and how long ago: `09:05:00 (3 min ago)`, with the date when it was not today. */
export function momentText(at: number, now: number): string {
  const [day, today] = [dayText(at), dayText(now)]
  return `${day === today ? '' : `${day} `}${clockText(at)} (${agoText(at, now)})`
}

function dayText(at: number): string {
  const date = new Date(at)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

const twoUnits = (count: number, size: number, large: string, small: string) =>
  `${Math.floor(count / size)} ${large} ${twoDigits(count % size)} ${small}`
