// npm run build: compiles each package to dist/, with declarations, and copies what is read at run time beside it.
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, run } from './install.mjs'

for (const name of ['shared', 'producer', 'worker', 'dashboard']) {
  const folder = join(ROOT, 'packages', name)
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  if (run('tsc', ['-p', join('packages', name, 'tsconfig.build.json')]) !== 0) process.exit(1)
  for (const lua of globSync('src/**/*.lua', { cwd: folder })) {
    const target = join(folder, lua.replace(/^src/, 'dist'))
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(folder, lua), target)
  }
}
