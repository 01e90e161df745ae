import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { join } from 'node:path'

let reaper: ChildProcess | undefined

/** Starts a program that does not outlive this process, even when this one is killed, and even when it is frozen itself. */
export function startChild(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (!reaper) {
    const stdio = ['pipe', 'ignore', 'inherit'] as const
    reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.mjs')], { stdio: [...stdio] })
    reaper.unref()
    ;(reaper.stdin as unknown as { unref(): void }).unref()
  }
  const { stdin } = reaper
  const child = spawn(program, args, options)
  stdin?.write(`+${child.pid}\n`)
  child.once('exit', () => stdin?.write(`-${child.pid}\n`))
  return child
}

/** Resolves when it has ended, at once when it has already. */
export const childEnded = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve))
