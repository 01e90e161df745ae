import { setTimeout as sleep } from 'node:timers/promises'

const HOUR_MS = 3_600_000

/** In the process that is going to be killed: longer than any run. Elsewhere: no time at all. */
export const hangsHere = (): Promise<void> | undefined =>
  process.env['BENCH_VICTIM'] === '1' ? sleep(HOUR_MS) : undefined
