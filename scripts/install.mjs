// Installs the workspace when it is not, or no longer, installed. Plain JavaScript for whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const PNPM = 'pnpm@12.21.0'
const STAMP = join(ROOT, 'node_modules', '.millrace-installed')
const OLDEST_NODE = 18

/** The Node that the workspace pins, as a program. */
export const PINNED_NODE = join(ROOT, 'node_modules', '.bin', 'node')

/** Environment in which programs of the workspace, its Node first of all, are found before those of the machine. */
export function workspaceEnv(extra = {}) {
  const path = `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`
  return { ...process.env, PATH: path, ...extra }
}

/** Makes sure that `node_modules` is what the lock file says. A second call costs some milliseconds. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or later (https://nodejs.org).`)
  }
  const wanted = fingerprint()
  if (existsSync(PINNED_NODE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  console.error('Installing the workspace (once; again when its lock file changes) …')
  const begun = Date.now()
  const result = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status !== 0) {
    const said = result.error ? `npx: ${result.error.message}` : `${result.stdout}${result.stderr}`
    fail(`${said}\nThe workspace could not be installed: the output above says why.`)
  }
  writeFileSync(STAMP, wanted)
  console.error(`Installed in ${Math.round((Date.now() - begun) / 1000)} s.`)
}

/**
 * Runs a program of the workspace under its Node, and gives its exit code. Ends this process when there is no such program.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} options
 */
export function run(command, args, { env = workspaceEnv() } = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  return result.status ?? 1
}

function fingerprint() {
  const hash = createHash('sha1')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(ROOT, file)))
  return hash.digest('hex')
}

/** @returns {never} */
function fail(/** @type {string} */ message) {
  console.error(message)
  process.exit(1)
}
