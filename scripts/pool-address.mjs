import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isAlive } from './is-alive.mjs'

/**
 * Writes down where the pool of this process is, so that `npx millrace` finds it without being told. The first of several
 * pools has the address until it ends.
 *
 * @param {string} file where the CLI looks for it
 * @param {string} url
 * @returns {(() => void) | undefined} takes the address back; undefined when another pool has it
 */
export function claimAddress(file, url) {
  const owner = existsSync(file) ? ownerOf(readFileSync(file, 'utf8')) : undefined
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) return undefined
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ url, pid: process.pid }))
  return () => rmSync(file, { force: true })
}

/** @returns {number | undefined} nobody when the text is not what this program writes */
function ownerOf(/** @type {string} */ text) {
  try {
    const { pid } = JSON.parse(text)
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
