/** One Ctrl-C may arrive twice, from the terminal and from npm or a launcher that forwards it. */
const SAME_SIGNAL_MS = 500

/**
 * Calls `drain` on the first SIGTERM or SIGINT and `hurry` on the next one that is meant as such.
 *
 * @returns a function that stops listening.
 */
export function onSignals(
  drain: (signal: string) => void,
  hurry: () => void,
  source: NodeJS.EventEmitter = process,
): () => void {
  let firstMonoMs: number | undefined
  const heard = (signal: string) => {
    const now = performance.now()
    if (firstMonoMs === undefined) {
      firstMonoMs = now
      drain(signal)
    } else if (now - firstMonoMs > SAME_SIGNAL_MS) {
      hurry()
    }
  }
  source.on('SIGTERM', heard)
  source.on('SIGINT', heard)
  return () => {
    source.off('SIGTERM', heard)
    source.off('SIGINT', heard)
  }
}
