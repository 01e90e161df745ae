// Runs a program for as long as its own standard input is open: node guard.mjs <program> [arguments]
//
// A parent that is killed cannot end its children, but its end of the pipe closes with it. So nothing is left behind.
import { spawn } from 'node:child_process'

/** A server that a script blocks does not hear SIGTERM; a worker drains for 25 s, and then gives up by itself. */
const LAST_RESORT_MS = 40_000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const kill = () => child.kill('SIGKILL')
function end() {
  child.kill('SIGTERM')
  setTimeout(kill, LAST_RESORT_MS).unref()
}

process.stdin.resume()
process.stdin.once('end', end)
process.stdin.once('error', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
process.on('SIGUSR2', kill)
child.once('error', () => process.exit(127))
child.once('exit', (code) => process.exit(code ?? 1))
