// npm run demo [-- <folder>] [--break]: the census example on a broker of its own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { openBroker } from './broker.mjs'
import { PINNED_NODE, ROOT, workspaceEnv } from './install.mjs'

const broker = await openBroker({ log: console.error }).catch((error) => {
  console.error(`${error.message}${error.code ? ` [${error.code}]` : ''}`)
  process.exit(3)
})
const demo = spawn(PINNED_NODE, [join(ROOT, 'examples', 'census', 'demo.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: workspaceEnv({ REDIS_URL: broker.url }),
})
process.on('SIGINT', () => {}) // the terminal tells the demo too
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => demo.kill(signal))
demo.once('exit', async (code, signal) => {
  await broker.close()
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1))
})
