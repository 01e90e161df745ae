import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How often the loop is asked; the histogram holds this much more than the delay itself. */
const EVERY_MS = 20

export interface LoopWatch {
  /** 95th percentile since the last call, ms; a loop that never came round counts as late as that took. */
  look(): number
  stop(): void
}

export function watchEventLoop(): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: EVERY_MS })
  histogram.enable()
  return {
    look() {
      // a block of seconds is one entry among many: the worst counts too, though less
      const [usual, worst] = [histogram.percentile(95) / 1e6, histogram.max / 1e6]
      const any = histogram.count > 0
      histogram.reset()
      return any ? Math.max(0, usual - EVERY_MS, worst / 4 - EVERY_MS) : 0
    },
    stop: () => histogram.disable(),
  }
}
