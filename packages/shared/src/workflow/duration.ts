const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Longest duration that is accepted: a year, in milliseconds. Timers and Redis expiries stay exact below it. */
export const MAX_DURATION_MS = 365 * UNIT_MS.d

/**
 * Reads `1500`, `'500ms'`, `'30s'`, `'5m'`, `'2h'`, `'1d'` or `'1.5h'` as milliseconds.
 *
 * @returns whole milliseconds from 0 to {@link MAX_DURATION_MS}, or `undefined` when it is none of these.
 */
export function parseDuration(value: number | string): number | undefined {
  const ms = typeof value === 'number' ? value : parseText(value)
  if (ms === undefined || !Number.isFinite(ms) || ms < 0 || ms > MAX_DURATION_MS) return undefined
  return Math.round(ms)
}

function parseText(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
