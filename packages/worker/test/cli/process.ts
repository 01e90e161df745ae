import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Line, Room } from '../room.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
export const POOL = fileURLToPath(new URL('../fixtures/pool', import.meta.url))

export interface WorkerProcess {
  readonly child: ChildProcess
  /** What it has logged so far. */
  readonly lines: Line[]
  readonly stderr: () => string
  /** Resolves with the first line of this message, logged already or to come. */
  said(msg: string): Promise<Line>
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>
}

/** Starts `millrace-worker` as a process of its own, with nothing in its environment but what is given. */
export function runWorker(args: readonly string[], env: NodeJS.ProcessEnv = {}): WorkerProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  const heard = new EventTarget()
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return
    lines.push(JSON.parse(text) as Line)
    heard.dispatchEvent(new Event('line'))
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  return {
    child,
    lines,
    stderr: () => stderr,
    exited,
    said: (msg) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lines.find((line) => line.msg === msg)
          if (line) resolve(line)
        }
        heard.addEventListener('line', look)
        exited.then((code) => reject(new Error(`the worker ended with ${code} and never said "${msg}": ${stderr}`)))
        look()
      }),
  }
}

/** A worker process for the pool of a room. */
export const joinPool = (room: Room, env: NodeJS.ProcessEnv, ...args: readonly string[]): WorkerProcess =>
  runWorker(['--tasks', POOL, '--redis', room.url, '--namespace', room.keys.namespace, ...args], env)
