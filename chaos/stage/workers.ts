import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { until } from '@millrace/shared/testing'
import { childEnded, startChild } from './child.ts'

const WORKER = resolve(import.meta.dirname, '../../packages/worker/bin/millrace-worker.js')
const TASKS = resolve(import.meta.dirname, '../tasks')

/** A line of a worker's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string }

interface WorkerProcess {
  readonly child: ChildProcess
  readonly pid: number
  readonly lines: readonly Line[]
  /** It has said that it is ready, and not ended since. */
  readonly isReady: () => boolean
  readonly hasEnded: () => boolean
}

/**
 * Real worker processes under a supervisor that does what a container runtime does: whenever one ends, of whatever cause,
 * another one is started in its place.
 */
export interface Fleet {
  /** Those that live now. */
  readonly workers: readonly WorkerProcess[]
  /** Those that ended by now, with the exit code or the signal that ended them. */
  readonly ended: readonly { readonly pid: number; readonly code: number | string }[]
  /** Every line that any of them logged. */
  readonly lines: () => Line[]
  /** Resolves when all of them are ready. */
  ready(): Promise<void>
  /** Signals one, by default that which has been ready for longest; gives it, or nothing when none is ready. */
  signal(name: NodeJS.Signals, worker?: WorkerProcess): WorkerProcess | undefined
  /** Ends all of them with `kill -9`, and the supervisor. */
  end(): Promise<void>
}

export function startFleet(count: number, env: Readonly<Record<string, string>>, args: readonly string[]): Fleet {
  const living: WorkerProcess[] = []
  const all: WorkerProcess[] = []
  const ended: { pid: number; code: number | string }[] = []
  let ending = false

  function start(): void {
    const worker = startWorker(env, args)
    living.push(worker)
    all.push(worker)
    worker.child.once('exit', (code, signal) => {
      living.splice(living.indexOf(worker), 1)
      ended.push({ pid: worker.pid, code: code ?? (signal as string) })
      if (!ending) start()
    })
  }
  for (let i = 0; i < count; i++) start()

  return {
    workers: living,
    ended,
    lines: () => all.flatMap(({ lines }) => lines),
    ready: async () =>
      void (await until(() => living.length === count && living.every((one) => one.isReady()), 60_000)),
    signal(name, worker = living.find((one) => one.isReady())) {
      worker?.child.kill(name)
      return worker
    },
    async end() {
      ending = true
      const last = [...living]
      for (const { child } of last) child.kill('SIGKILL')
      await Promise.all(last.map(({ child }) => childEnded(child)))
    },
  }
}

function startWorker(env: Readonly<Record<string, string>>, args: readonly string[]): WorkerProcess {
  const child = startChild(process.execPath, [WORKER, '--tasks', TASKS, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Line[] = []
  let ready = false
  const stdout = child.stdout as NonNullable<typeof child.stdout>
  createInterface({ input: stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return
    const line = JSON.parse(text) as Line
    lines.push(line)
    if (line.msg === 'ready') ready = true
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return { child, pid: child.pid as number, lines, hasEnded, isReady: () => ready && !hasEnded() }
}
