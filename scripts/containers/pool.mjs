// Looks at the pool from inside its containers, with the command that operators type.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * @typedef {{ id: string, state: string, jobs: Record<'total' | 'succeeded', number> }} Summary
 * @typedef {{ name: string, task: string, state: string, output: unknown }} Job
 * @typedef {{ id: string, host: string, slots: { active: number } }} WorkerLine
 * @typedef {ReturnType<typeof openPool>} Pool
 */

const LOOK_EVERY_MS = 1_000

/** Waits until `look` gives something truthy. A look that fails is repeated: a container may be gone in the midst of it. */
export async function until(
  /** @type {string} */ what,
  /** @type {() => Promise<unknown>} */ look,
  /** @type {number} */ withinMs = 120_000,
) {
  const deadline = Date.now() + withinMs
  /** @type {unknown} */
  let last
  while (Date.now() < deadline) {
    try {
      if (await look()) return
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.${last ? `\n${last}` : ''}`)
}

export function openPool(/** @type {import('./compose.mjs').Compose} */ compose) {
  /** In the first worker that there is. */
  async function millrace(/** @type {string[]} */ ...args) {
    const [worker] = await compose.running('worker')
    if (!worker) throw new Error('no worker runs')
    return JSON.parse(await compose.docker('exec', worker, 'millrace', ...args, '--json'))
  }

  /** @returns {Promise<Summary[]>} */
  const list = () => millrace('list', '--limit', '1000')

  return {
    /** Safe to repeat: the same id is the same workflow. */
    submit: (/** @type {string} */ id, /** @type {Record<string, number>} */ inputs) =>
      millrace(
        'enqueue',
        '/tasks/spread.yaml',
        '--id',
        id,
        ...Object.entries(inputs).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
      ),
    list,
    /** Those that have not ended. */
    open: async () => (await list()).filter(({ state }) => state === 'loading' || state === 'running'),
    /** @returns {Promise<{ jobList: Job[] }>} */
    status: (/** @type {string} */ id) => millrace('status', id),
    /** @returns {Promise<unknown[]>} */
    deadLetters: () => millrace('dlq', 'list'),
    /** @returns {Promise<WorkerLine[]>} */
    workers: () => millrace('workers'),
  }
}
