import type { Heartbeat } from '@millrace/shared'

const MiB = 1024 * 1024

/** What a busy worker says of itself. */
export const HEARTBEAT: Heartbeat = {
  name: 'worker-1',
  host: 'pool-a',
  pid: 4711,
  version: '0.1.0',
  startedAt: Date.now() - 7_530_000,
  queues: ['default', 'reports'],
  slots: { limit: 16, min: 4, max: 32, active: 11, taking: true },
  moves: [],
  cpu: 0.42,
  loopDelayMs: 3,
  memory: { share: 0.31, rssBytes: 162 * MiB, limitBytes: 512 * MiB },
  breakers: [],
  unhealthy: [],
  tasks: [],
  succeeded: {},
}
