import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { SampleSource } from './samples.ts'

/** How often the loop is asked; the histogram holds this much more than the delay itself. */
const EVERY_MS = 20

/** What any process says of itself. Call it once per process: it listens to the event loop from then on. */
export function processSamples(kind: string, version: string): { readonly read: SampleSource; stop(): void } {
  const loop = monitorEventLoopDelay({ resolution: EVERY_MS })
  loop.enable()
  const startedAt = Date.now() / 1_000 - process.uptime()

  function delays() {
    const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - EVERY_MS) / 1_000
    const found = loop.count > 0 ? { mean: loop.mean, p95: loop.percentile(95), max: loop.max } : undefined
    loop.reset()
    return (['mean', 'p95', 'max'] as const).map((kind) => ({ labels: { kind }, value: seconds(found?.[kind] ?? 0) }))
  }

  return {
    read() {
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed, external } = process.memoryUsage()
      const memory = { resident: rss, heap: heapUsed, external }
      return {
        buildInfo: [{ labels: { kind, version }, value: 1 }],
        cpuSeconds: [{ labels: {}, value: (user + system) / 1e6 }],
        memoryBytes: Object.entries(memory).map(([kind, value]) => ({ labels: { kind }, value })),
        loopDelaySeconds: delays(),
        startedAt: [{ labels: {}, value: startedAt }],
      }
    },
    stop: () => loop.disable(),
  }
}
