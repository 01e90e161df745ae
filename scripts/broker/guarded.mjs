// Programs that must not outlive this process, whatever ends it.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answers } from './answers.mjs'

const GUARD = fileURLToPath(new URL('../guard.mjs', import.meta.url))
const POLL_MS = 25

/**
 * Starts a program under a guard that ends it when this process ends, `kill -9` included. It is in a process group of
 * its own: a Ctrl-C in the terminal does not reach it, so that its owner chooses the moment.
 *
 * @param {string[]} command the program and its arguments
 * @param {{ env: NodeJS.ProcessEnv, output: 'inherit' | 'ignore' }} options
 */
export function startGuarded(command, { env, output }) {
  const child = spawn(process.execPath, [GUARD, ...command], { env, stdio: ['pipe', output, output], detached: true })
  child.stdin?.on('error', () => {}) // it ended before it was told to
  let running = true
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => {
      running = false
      resolve(code ?? 1)
    })
  })
  return {
    /** Resolves with its exit code. */
    ended,
    isRunning: () => running,
    /** Asks it to end, and resolves when it has. */
    async end() {
      child.stdin?.write('end\n') // the pipe stays open: that it closes means that its owner is gone
      await ended
    },
    /** Ends it without asking. */
    kill: () => void child.kill('SIGUSR2'),
  }
}

/** @typedef {ReturnType<typeof startGuarded>} Guarded */

/**
 * Waits until a server that was just started answers on its port of this machine.
 *
 * @param {Guarded} server
 * @param {{ port: number, withinMs: number }} options
 * @returns {Promise<boolean>} false when it ended or the time is over
 */
export async function untilAnswers(server, { port, withinMs }) {
  const deadline = performance.now() + withinMs
  while (server.isRunning() && performance.now() < deadline) {
    if (await answers({ host: '127.0.0.1', port })) return server.isRunning()
    await sleep(POLL_MS)
  }
  return false
}
