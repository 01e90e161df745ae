// Keeps the pool busy for as long as it is asked to, whatever becomes of its containers meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 1_000
/** Workflows that are open, at least: some seconds of work for four workers, a minute for one. */
const LEAST_OPEN = 3

/** Of one workflow. A job takes long enough for a drain to have something to wait for. */
const INPUTS = { parts: 150, ms: 1_500 }

export function keepBusy(/** @type {import('./pool.mjs').Pool} */ pool) {
  let ending = false
  /** @type {string[]} */
  const submitted = []

  async function run() {
    while (!ending) {
      try {
        if ((await pool.open()).length < LEAST_OPEN) {
          const id = `load-${submitted.length + 1}`
          await pool.submit(id, INPUTS) // fails with the container that was asked: the same id is then submitted again
          submitted.push(id)
        }
      } catch {}
      await sleep(LOOK_EVERY_MS)
    }
  }
  const done = run()

  return {
    parts: INPUTS.parts,
    /** Submits nothing more. @returns the ids of what was submitted */
    async end() {
      ending = true
      await done
      return submitted
    },
  }
}
