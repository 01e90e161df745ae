import { type Problems, show } from './problems.ts'
import type { OptionReader } from './reader.ts'

/** How long an isolated handler may keep its event loop busy. */
const BLOCKED_AFTER = '5s'
const UNITS: Readonly<Record<string, number>> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 }
/** Node itself does not start with less. */
const LEAST_BYTES = 16 * 2 ** 20

/** How much memory the task needs, and whether it runs in a process of its own. */
export const isolation: OptionReader<'memoryBytes' | 'isolate'> = {
  fields: ['memory', 'isolate'],
  read({ memory, isolate = false }, problems) {
    const memoryBytes = memory === undefined ? undefined : bytesOf(memory, problems)
    if (typeof isolate === 'boolean') {
      return { memoryBytes, isolate: isolate && { blockedAfterMs: problems.duration('isolate', BLOCKED_AFTER, 0) } }
    }
    const ok = typeof isolate === 'object' && isolate !== null
    const unknown = ok ? Object.keys(isolate).filter((key) => key !== 'blockedAfter') : []
    problems.check(
      ok && unknown.length === 0,
      () => `isolate is ${show(isolate)}; write true, false or { blockedAfter: '1m' }`,
    )
    const { blockedAfter = BLOCKED_AFTER } = ok ? isolate : {}
    const blockedAfterMs = problems.duration('isolate.blockedAfter', blockedAfter, 1_000)
    return { memoryBytes, isolate: Object.freeze({ blockedAfterMs }) }
  },
}

function bytesOf(memory: unknown, problems: Problems): number {
  const [, count, unit = ''] = /^(\d{1,6}(?:\.\d+)?)\s*(kb|mb|gb)$/i.exec(String(memory)) ?? []
  const bytes = Math.round(Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN))
  problems.check(
    bytes >= LEAST_BYTES,
    () => `memory is ${show(memory)}; write a number with a unit, such as "512mb" or "2gb", at least 16mb`,
  )
  return bytes
}
