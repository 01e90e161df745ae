const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `340 ms`, `12.3 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`. @param {number} ms */
export function duration(ms) {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < HOUR) return two(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return two(ms, HOUR, 'h', MINUTE, 'min')
  return two(ms, DAY, 'd', HOUR, 'h')
}

/** @param {number} ms @param {number} large @param {string} largeUnit @param {number} small @param {string} smallUnit */
function two(ms, large, largeUnit, small, smallUnit) {
  const rest = Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`
}

/** `just now`, `40 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. @param {number} at @param {number} [now] */
export function ago(at, now = Date.now()) {
  const ms = now - at
  if (ms < 10 * SECOND) return 'just now'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`
  return `${Math.floor(ms / DAY)} d ago`
}

/** `2026-11-21 12:40:07`, in the time of whoever looks. @param {number} at */
export const moment = (at) =>
  new Date(at - new Date(at).getTimezoneOffset() * MINUTE).toISOString().slice(0, 19).replace('T', ' ')

/** `12,345`. @param {number} value */
export const count = (value) => value.toLocaleString('en-US')

/** `1 job`, `2 jobs`. @param {number} value @param {string} one @param {string} [many] */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`

/** `87 %`. @param {number} share 0 to 1 */
export const percent = (share) => `${Math.round(share * 100)} %`

/** `1.5 GiB`. @param {number} bytes */
export function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  let value = bytes
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** A value as it is read best. @param {unknown} value */
export const json = (value) => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))
