#!/usr/bin/env node
// The health check of the image: exit code 0 when the program of this container may be given work.
//
// Asks the program itself, at MILLRACE_HTTP_PORT; where nothing listens, looks whether the pool has heard of a worker of
// this host lately. Needs 0.4 s of CPU then, so do not ask more often than every 10 s.
import { execFileSync } from 'node:child_process'
import { hostname } from 'node:os'
import { pathToFileURL } from 'node:url'

/** Four heartbeats, in ms. */
const HEARD_WITHIN_MS = 20_000

/**
 * @param {string | undefined} port
 * @returns {Promise<boolean | undefined>} whether the program says that it is ready; undefined when nothing listens there
 */
export async function asksReady(port) {
  if (!port) return undefined
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) })
    return ok
  } catch (error) {
    const { cause } = /** @type {{ cause?: { code?: string } }} */ (error)
    return cause?.code === 'ECONNREFUSED' ? undefined : false
  }
}

/**
 * @param {readonly { host: string, seenAt: number }[]} workers as `millrace workers --json` lists them
 * @param {string} host
 * @param {number} nowMs
 */
export const wasHeard = (workers, host, nowMs) =>
  workers.some((worker) => worker.host === host && nowMs - worker.seenAt <= HEARD_WITHIN_MS)

function listWorkers() {
  return JSON.parse(
    execFileSync('millrace', ['workers', '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  )
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const ready = (await asksReady(process.env['MILLRACE_HTTP_PORT'])) ?? wasHeard(listWorkers(), hostname(), Date.now())
  if (!ready) console.error('not ready')
  process.exit(ready ? 0 : 1)
}
