// Runs a script of this folder under the Node that the workspace pins: node scripts/launch.mjs <script> [arguments]
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, PINNED_NODE, ROOT, workspaceEnv } from './install.mjs'

const [script, ...args] = process.argv.slice(2)
ensureInstalled()
const child = spawn(PINNED_NODE, [join(ROOT, 'scripts', `${script}.mjs`), ...args], {
  stdio: 'inherit',
  env: workspaceEnv({ INIT_CWD: process.env.INIT_CWD ?? process.cwd() }),
})
// the terminal sends Ctrl-C to the child as well: it ends in its own way, and we with it
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
