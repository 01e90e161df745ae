// npm run format: formats everything and mends what the linter can mend by itself.
import { run } from './install.mjs'

process.exit(run('biome', ['check', '--write', '.', ...process.argv.slice(2)]))
