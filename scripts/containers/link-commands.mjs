// While the image is built: node link-commands.mjs <folder>. Links the commands of the packages in <folder> into <folder>/bin.
import { chmodSync, globSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const [folder = '.'] = process.argv.slice(2)
const bin = join(folder, 'bin')

for (const manifest of globSync(join(folder, 'packages/*/package.json'))) {
  const { bin: commands = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
  for (const [name, file] of Object.entries(commands)) {
    const target = join(dirname(manifest), file)
    chmodSync(target, 0o755)
    symlinkSync(relative(bin, target), join(bin, name))
  }
}
