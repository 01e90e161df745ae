// How the programs of a clone start: they run the sources, on the Node that the workspace pins should the one that was asked be too
// old. Published packages run what was built instead.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @param {string} url of the program's own file: it is started again where its Node is too old
 * @param {string} name of the program, for people
 * @param {() => Promise<unknown>} load begins the program
 */
export async function runSources(url, name, load) {
  if (process.features.typescript) {
    await load()
    return
  }
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(pinned)) {
    console.error(`Node ${process.versions.node} is too old: ${name} needs Node 22.18 or later.`)
    process.exit(2)
  }
  const child = spawn(pinned, [fileURLToPath(url), ...process.argv.slice(2)], { stdio: 'inherit' })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGINT', () => {}) // the terminal tells the child too
  child.on('exit', (code) => process.exit(code ?? 1))
}
