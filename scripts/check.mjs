// npm run check: everything that needs no broker: format, lint, types, unused code, packages.
import { run } from './install.mjs'

/** @type {[name: string, command: string, args: string[]][]} */
const CHECKS = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the pages', 'tsc', ['-p', 'packages/dashboard/public']],
  ['unused code', 'knip', ['--no-progress']],
  ['build', process.execPath, ['scripts/build.mjs']],
  ['packages', process.execPath, ['scripts/try-packages.mjs']],
]

const failed = []
for (const [name, command, args] of CHECKS) {
  const begun = Date.now()
  const status = run(command, args)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`)
  process.exit(1)
}
