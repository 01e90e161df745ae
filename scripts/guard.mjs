// Runs a program for as long as its own standard input is open: node guard.mjs <program> [arguments]
//
// A parent that is killed cannot end its children, but its end of the pipe closes with it. So nothing is left behind.
import { spawn } from 'node:child_process'

/** Asked to end: a worker drains for 25 s, and then gives up by itself. A server that a script blocks does not hear us. */
const ASKED_MS = 40_000
/** Its owner is gone: nobody is left for whom it could finish anything. */
const ORPHANED_MS = 2_000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const kill = () => child.kill('SIGKILL')
function end(/** @type {number} */ withinMs) {
  child.kill('SIGTERM')
  setTimeout(kill, withinMs).unref()
}

process.stdin.once('data', () => end(ASKED_MS))
process.stdin.once('end', () => end(ORPHANED_MS))
process.stdin.once('error', () => end(ORPHANED_MS))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(ASKED_MS))
process.on('SIGUSR2', kill)
child.once('error', () => process.exit(127))
child.once('exit', (code) => process.exit(code ?? 1))
