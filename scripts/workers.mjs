// Starts worker processes of the workspace, and ends them so that nothing is left behind.
import { join } from 'node:path'
import { startGuarded } from './broker/guarded.mjs'
import { PINNED_NODE, ROOT, workspaceEnv } from './install.mjs'

const WORKER = join(ROOT, 'packages', 'worker', 'bin', 'millrace-worker.js')

/**
 * @param {number} count
 * @param {{ url: string, tasks: string, concurrency: number }} options
 */
export function startWorkers(count, { url, tasks, concurrency }) {
  const args = ['--tasks', tasks, '--concurrency', `${concurrency}`]
  const workers = Array.from({ length: count }, (_, index) =>
    startGuarded([PINNED_NODE, WORKER, ...args, '--name', `worker-${index + 1}`], {
      env: workspaceEnv({ REDIS_URL: url }),
      output: 'inherit',
    }),
  )
  return {
    /** Resolves with the exit code of the first worker that ends. */
    anyEnd: Promise.race(workers.map((worker) => worker.ended)),
    /** Drains them: each finishes what it has, or hands it back. */
    async end() {
      await Promise.all(workers.map((worker) => worker.end()))
    },
    /** Does not wait for what they run. */
    kill() {
      for (const worker of workers) worker.kill()
    },
  }
}
