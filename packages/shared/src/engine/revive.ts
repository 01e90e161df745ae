import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { rebaseWorkflows } from '../upkeep/rebase.ts'
import { cancelWorkflow } from './cancel.ts'
import { DEPENDENTS_PER_CALL } from './pack.ts'
import { workOffResidue } from './residue.ts'

const reviveScript = readScript<number>(new URL('./revive.lua', import.meta.url))

const JOBS_PER_CALL = 200
/** Handlers that are told to stop usually do so at once. */
const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 50

/**
 * `revived`: it runs again. `busy`: jobs that ran when it was cancelled have not ended yet. `half-loaded`: its producer never
 * finished writing it. `open`: it is not cancelled.
 */
export type Revival = 'revived' | 'busy' | 'half-loaded' | 'open' | 'gone'

const REFUSALS: Readonly<Record<number, Revival>> = { [-2]: 'gone', [-5]: 'half-loaded', [-6]: 'open' }

/** Opens a cancelled workflow again: what had succeeded stays, dead jobs stay dead, everything else goes on from there. */
export async function reviveWorkflow(
  client: Redis,
  keys: PoolKeys,
  id: string,
  { now = Date.now, patienceMs = PATIENCE_MS } = {},
): Promise<Revival> {
  const target = [keys.workflow(id), keys.jobs(id), keys.cancels, keys.scheduling]
  const patient = performance.now() + patienceMs
  for (const pass of ['arm', 'run'] as const) {
    let next = 0
    while (next >= 0) {
      const args = [keys.prefix, now(), DEPENDENTS_PER_CALL, id, pass, next, JOBS_PER_CALL]
      const code = await reviveScript(client, target, args)
      const refusal = REFUSALS[code]
      if (refusal) return refusal
      if (code === -3) {
        if (performance.now() > patient) return 'busy'
        await cancelWorkflow(client, keys, id)
        await sleep(LOOK_EVERY_MS)
      } else if (code === -4) await rebaseWorkflows(client, keys, [id])
      else next = code
    }
    if ((await client.llen(keys.residue)) > 0) await workOffResidue(client, keys, now)
  }
  return 'revived'
}
