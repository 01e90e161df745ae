// Runs a server for as long as its own standard input is open: node guard.mjs <server> [arguments]
//
// A parent that is killed cannot end its children, but its end of the pipe closes with it. So nothing is left behind.
import { spawn } from 'node:child_process'

const [server, ...args] = process.argv.slice(2)
const child = spawn(server, args, { stdio: 'ignore' })
const end = () => child.kill('SIGTERM')
process.stdin.resume()
process.stdin.on('end', end)
process.stdin.on('error', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}) // Ctrl-C reaches the whole group
child.on('error', () => process.exit(127))
child.on('exit', (code) => process.exit(code ?? 0))
