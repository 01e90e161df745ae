// Uses every package as its users do: packed, installed by npm into an empty folder, imported, run, type-checked.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { ROOT, workspaceEnv } from './install.mjs'

const NAMES = ['shared', 'producer', 'worker', 'dashboard']
const folder = mkdtempSync(join(tmpdir(), 'millrace-packages-'))
const user = join(folder, 'user')

try {
  const archives = NAMES.map(pack)
  const problems = (await Promise.all(archives.map(lint))).flat()
  if (problems.length > 0) throw new Error(problems.join('\n'))
  install(archives)
  importAll()
  helpOfCommands()
  typeCheck()
} catch (error) {
  const { stdout = '', stderr = '', message } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error)
  console.error(`${stdout}${stderr}${message}`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}

function pack(/** @type {string} */ name) {
  const args = ['--yes', 'pnpm@12.21.0', 'pack', '--json', '--pack-destination', folder]
  return String(JSON.parse(inFolder(join(ROOT, 'packages', name), 'npx', args)).filename)
}

/** What a manifest promises must be in the archive. */
async function lint(/** @type {string} */ archive) {
  const { buffer, byteOffset, byteLength } = readFileSync(archive)
  const tarball = /** @type {ArrayBuffer} */ (buffer.slice(byteOffset, byteOffset + byteLength))
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => `${pkg.name}: ${formatMessage(message, pkg)}`)
}

function install(/** @type {string[]} */ archives) {
  mkdirSync(user)
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }')
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  inFolder(user, 'npm', ['install', ...quiet, ...archives])
}

/** Every entry that the installed manifests export, under plain Node. */
function importAll() {
  const entries = NAMES.flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(user, 'node_modules/@millrace', name, 'package.json'), 'utf8'))
    return Object.keys(manifest.exports).map((entry) => join(manifest.name, entry))
  })
  const lines = entries.map((entry, index) => {
    const json = entry.endsWith('.json') ? " with { type: 'json' }" : ''
    return `import * as m${index} from '${entry}'${json}\nif (Object.keys(m${index}).length === 0) throw new Error('${entry} exports nothing')`
  })
  writeFileSync(join(user, 'import-all.js'), lines.join('\n'))
  inFolder(user, process.execPath, ['import-all.js'])
}

function helpOfCommands() {
  for (const command of ['millrace', 'millrace-worker', 'millrace-dashboard']) {
    const help = inFolder(user, join('node_modules/.bin', command), ['--help'])
    if (!help.includes(`Usage: ${command}`)) throw new Error(`${command} --help said:\n${help}`)
  }
}

/** The declarations are those of the public entries, and are complete. */
function typeCheck() {
  writeFileSync(
    join(user, 'user.ts'),
    `import { createProducer, type Producer } from '@millrace/producer'
    import { MillraceError } from '@millrace/shared'
    import { defineTask } from '@millrace/worker'
    import { z } from 'zod'
    export default defineTask({ name: 'greet', input: z.object({ to: z.string() }) }, ({ to }, ctx) => {
      if (ctx.attempt > 2) throw new MillraceError('MILLRACE_TASK_FAILED', to.toUpperCase())
      // @ts-expect-error: the input is typed by its schema
      return to.length + to.nothing
    })
    export const producer: Promise<Producer> = createProducer()`,
  )
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node']
  const roots = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--skipLibCheck']
  inFolder(user, 'tsc', [...options, ...roots, 'user.ts'])
}

/** @returns {string} what the command said; throws when it fails */
function inFolder(/** @type {string} */ cwd, /** @type {string} */ command, /** @type {string[]} */ args) {
  return execFileSync(command, args, { cwd, env: workspaceEnv(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
