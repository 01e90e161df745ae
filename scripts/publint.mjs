// Checks every package as npm would publish it: what its manifest promises must be in the archive.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { ROOT, workspaceEnv } from './install.mjs'

let problems = 0
const archives = mkdtempSync(join(tmpdir(), 'millrace-packages-'))
for (const name of ['shared', 'producer', 'worker']) {
  const folder = join(ROOT, 'packages', name)
  const packed = execFileSync('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--json', '--pack-destination', archives], {
    cwd: folder,
    env: workspaceEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { filename } = JSON.parse(packed)
  const tarball = readFileSync(filename)
  const { messages, pkg } = await publint({
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    strict: true,
  })
  for (const message of messages) console.error(`${name}: ${formatMessage(message, pkg)}`)
  problems += messages.length
}
rmSync(archives, { recursive: true })
process.exit(problems > 0 ? 1 : 0)
