import { readConfig as readDashboard } from '../../packages/dashboard/src/config.ts'
import { readConfig as readProducer } from '../../packages/producer/src/config.ts'
import { readConfig as readWorker } from '../../packages/worker/src/config.ts'

type Environment = Readonly<Record<string, string>>

/** The programs of the image; each reads its settings, and throws for those that it does not know or cannot use. */
export const programs: Readonly<Record<string, (env: Environment) => unknown>> = {
  'millrace-worker': readWorker,
  'millrace-dashboard': readDashboard,
  millrace: readProducer,
}

/** After a drain and the grace of handlers, in ms: what the worker's command gives itself before it is ended by force. */
const LAST_RESORT_MS = 5_000

/** How long a worker with these settings may take to end, in ms. */
export function endsWithinMs(env: Environment): number {
  const { drainMs, graceMs } = readWorker(env)
  return drainMs + graceMs + LAST_RESORT_MS
}
