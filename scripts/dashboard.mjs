// Starts the dashboard of the workspace on this machine, and ends it so that nothing is left behind.
import { createServer } from 'node:net'
import { join } from 'node:path'
import { freePort } from './broker/free-port.mjs'
import { startGuarded } from './broker/guarded.mjs'
import { PINNED_NODE, ROOT, workspaceEnv } from './install.mjs'

const DASHBOARD = join(ROOT, 'packages', 'dashboard', 'bin', 'millrace-dashboard.js')
/** The same each time, so that a browser finds it again. */
const USUAL_PORT = 4280

/**
 * @param {{ url: string }} options the Redis of the pool
 * @returns {Promise<{ url: string, end: () => Promise<void>, kill: () => void }>}
 */
export async function startDashboard({ url }) {
  const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort()
  const args = ['--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'warn']
  const dashboard = startGuarded([PINNED_NODE, DASHBOARD, ...args], {
    env: workspaceEnv({ REDIS_URL: url }),
    output: 'inherit',
  })
  return { url: `http://127.0.0.1:${port}`, end: dashboard.end, kill: dashboard.kill }
}

/** @returns {Promise<boolean>} */
function isFree(/** @type {number} */ port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
