import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Question, Report } from '../workers/tally.ts'

/** Some ten starts one after the other on a busy machine. */
const START_MS = 60_000
/** What is kept of a process' last words, in characters. */
const LAST_WORDS = 4_000

/** A worker of either side in a process of its own. */
export interface WorkerProcess {
  /** Resolves when it has said its first line, which says that it is ready. */
  readonly ready: Promise<void>
  /** Why it ended though nobody ended it; `undefined` while it runs. */
  problem(): string | undefined
  /** From now on it counts anew; with a folder, until its report it also writes a profile. */
  begin(profileTo?: string): Promise<void>
  report(): Promise<Report>
  /** `kill -9`. */
  kill(): Promise<void>
}

const running = new Set<ChildProcess>()

/** Ends every process that is left, without asking. For the end of this one. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/**
 * Starts a program under this Node with an environment that holds no settings of its user, so that every run measures
 * the defaults. It ends by itself when this process is gone.
 *
 * @param args the program and its arguments
 */
export function startProcess(args: readonly string[], env: Readonly<Record<string, string>>): WorkerProcess {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  })
  running.add(child)
  let words = ''
  let wanted = true
  const hear = (text: string) => {
    words = (words + text).slice(-LAST_WORDS)
  }
  child.stderr?.setEncoding('utf8').on('data', hear)
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  lines.on('line', (line) => hear(`${line}\n`))
  const ended = once(child, 'exit').finally(() => running.delete(child))
  const problem = () =>
    wanted && (child.exitCode !== null || child.signalCode !== null)
      ? `a worker ended by itself (${child.signalCode ?? child.exitCode}): ${words.trim()}`
      : undefined

  async function ask(question: Question): Promise<Report> {
    const answer = once(child, 'message')
    child.send(question)
    const [report] = await Promise.race([
      answer,
      ended.then(() => Promise.reject(new Error(problem() ?? 'it is gone'))),
    ])
    return report as Report
  }

  const ready = Promise.race([
    once(lines, 'line', { signal: AbortSignal.timeout(START_MS) }),
    ended.then(() => Promise.reject(new Error(problem() ?? 'it was ended'))),
  ]).then(() => {})
  ready.catch(() => {}) // whoever awaits it hears of it
  return {
    ready,
    problem,
    begin: async (profileTo) => void (await ask({ kind: 'begin', profileTo })),
    report: () => ask({ kind: 'report' }),
    async kill() {
      wanted = false
      child.kill('SIGKILL')
      await ended
    },
  }
}
