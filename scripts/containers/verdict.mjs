// Whether anything was lost.

/**
 * What is wrong with what became of a workflow; empty when every job of it succeeded, and every part was counted.
 *
 * @param {string} id
 * @param {number} parts
 * @param {readonly import('./pool.mjs').Job[]} jobs
 * @returns {string[]}
 */
export function whatIsWrong(id, parts, jobs) {
  const worked = jobs.filter(({ name }) => /^work\.\d+$/.test(name))
  const open = jobs.filter(({ state }) => state !== 'succeeded')
  const tally = /** @type {{ parts?: number } | undefined} */ (jobs.find(({ name }) => name === 'tally')?.output)
  return [
    ...open.map(({ name, state }) => `${id}: ${name} is ${state}`),
    ...(worked.length === parts ? [] : [`${id}: there are ${worked.length} jobs for ${parts} parts`]),
    ...(tally?.parts === parts ? [] : [`${id}: ${tally?.parts ?? 'no'} of ${parts} parts were counted`]),
  ]
}

/**
 * How many parts each host did.
 *
 * @param {readonly import('./pool.mjs').Job[]} jobs of all workflows
 */
export function partsByHost(jobs) {
  /** @type {Map<string, number>} */
  const byHost = new Map()
  for (const { task, output } of jobs) {
    if (task !== 'spread.work' || typeof output !== 'object' || output === null || !('host' in output)) continue
    byHost.set(String(output.host), (byHost.get(String(output.host)) ?? 0) + 1)
  }
  return byHost
}
