import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

const WORKER = resolve(import.meta.dirname, '../packages/worker/bin/millrace-worker.js')
const TASKS = resolve(import.meta.dirname, 'tasks')

/** Real worker processes, of which one can be killed at any time; a killed one is replaced at once. */
export function startWorkers(count: number, env: Readonly<Record<string, string>>, args: readonly string[]) {
  let ending = false
  let kills = 0
  const ready = new Set<ChildProcess>()
  const start = (): ChildProcess => {
    const worker = spawn(process.execPath, [WORKER, '--tasks', TASKS, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    worker.stdout.once('data', () => ready.add(worker)) // its first line says that it is ready
    worker.stdout.resume()
    return worker
  }
  const workers = Array.from({ length: count }, start)
  return {
    get kills() {
      return kills
    },
    /**
     * `kill -9`: no handler runs, no connection is closed in order. Kills the worker that has been ready for longest; one
     * that still starts has nothing to lose, and on a slow machine none would ever work.
     */
    killOne(): void {
      const [worker] = ready
      if (ending || !worker) return
      kills++
      ready.delete(worker)
      worker.kill('SIGKILL')
      workers[workers.indexOf(worker)] = start()
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
