// Starts worker processes of the workspace, and ends them so that nothing is left behind.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { PINNED_NODE, ROOT, workspaceEnv } from './install.mjs'

const WORKER = join(ROOT, 'packages', 'worker', 'bin', 'millrace-worker.js')
const END_MS = 30_000

/**
 * @param {number} count
 * @param {{ url: string, tasks: string, stdio?: import('node:child_process').StdioOptions, args?: string[] }} options
 */
export function startWorkers(count, { url, tasks, stdio = 'inherit', args = [] }) {
  const children = Array.from({ length: count }, (_, index) =>
    spawn(PINNED_NODE, [WORKER, '--tasks', tasks, '--name', `worker-${index + 1}`, ...args], {
      stdio,
      env: workspaceEnv({ REDIS_URL: url }),
    }),
  )
  const ends = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  return {
    /** Resolves with the exit code of the first worker that ends. */
    anyEnd: Promise.race(ends),
    /** Drains them: each finishes what it has, or hands it back. */
    async end() {
      for (const child of children) child.kill('SIGTERM')
      const timer = setTimeout(() => {
        for (const child of children) child.kill('SIGKILL')
      }, END_MS)
      await Promise.all(ends)
      clearTimeout(timer)
    },
  }
}
