import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where `npm start` writes the address of the pool it runs, below the root of the workspace. */
const FILE = join('.millrace', 'pool.json')

/**
 * The Redis of a local pool started in `folder` or a folder above it, as long as the process that runs it is alive.
 * A file that cannot be read, or that a killed pool left behind, counts as no pool.
 */
export function findLocalPool(folder: string): string | undefined {
  const url = readPool(join(folder, FILE))
  if (url !== undefined) return url
  const above = dirname(folder)
  return above === folder ? undefined : findLocalPool(above)
}

function readPool(file: string): string | undefined {
  try {
    const { url, pid } = JSON.parse(readFileSync(file, 'utf8')) as { url?: unknown; pid?: unknown }
    return typeof url === 'string' && typeof pid === 'number' && isAlive(pid) ? url : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // alive, and somebody else's
  }
}
