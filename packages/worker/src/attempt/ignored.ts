import type { Attempt } from './attempt.ts'
import type { Room } from './room.ts'

/** A handler did not end when its signal was aborted: says so, and says so again should it end after all. */
export function reportIgnored(
  { log, signal, startedMonoMs }: Attempt,
  running: Promise<unknown>,
  { tally, graceMs }: Room,
): void {
  tally.ignored++
  const code = (signal.reason as { code?: string }).code
  log.error({ code, graceMs }, 'the handler ignores its signal: it runs on, and nobody waits for it any more')
  const late = () =>
    log.warn({ ms: Math.round(performance.now() - startedMonoMs) }, 'the handler that was given up has ended')
  running.then(late, late)
}
