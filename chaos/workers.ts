import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

const WORKER = resolve(import.meta.dirname, '../packages/worker/bin/millrace-worker.js')
const TASKS = resolve(import.meta.dirname, 'tasks')

/** Real worker processes, of which one can be killed at any time; a killed one is replaced at once. */
export function startWorkers(count: number, env: Readonly<Record<string, string>>, args: readonly string[]) {
  let ending = false
  let kills = 0
  const start = (): ChildProcess =>
    spawn(process.execPath, [WORKER, '--tasks', TASKS, ...args], {
      env: { ...process.env, ...env },
      stdio: process.env['CHAOS_LOG'] ? 'inherit' : 'ignore',
    })
  const workers = Array.from({ length: count }, start)
  return {
    get kills() {
      return kills
    },
    /** `kill -9`: no handler runs, no connection is closed in order. */
    killOne(): void {
      if (ending) return
      const index = kills++ % count
      workers[index]?.kill('SIGKILL')
      workers[index] = start()
    },
    async end(): Promise<void> {
      ending = true
      await Promise.all(
        workers.map(async (worker) => {
          if (worker.exitCode !== null || worker.signalCode !== null) return
          const ended = new Promise((resolve) => worker.once('exit', resolve))
          worker.kill('SIGKILL')
          await ended
        }),
      )
    },
  }
}
