import type { Case } from './case.ts'
import type { Ground } from './ground.ts'
import type { Runs } from './outcome.ts'

export interface RunOptions {
  readonly runs: number
  readonly quick: boolean
  /** Told before each sample. */
  readonly say: (line: string) => void
}

/**
 * Runs both sides of a case in turn, on an empty Redis each time; the side that begins changes from run to run, so that
 * a machine that grows faster or slower favours neither.
 *
 * @throws what a side throws: a case that lost a job has no figures.
 */
export async function runCase(one: Case, ground: Ground, { runs, quick, say }: RunOptions): Promise<Runs> {
  const room = ground.room({ quick })
  const found = { ours: [] as Record<string, number>[], raw: [] as Record<string, number>[] }
  for (let run = 1; run <= runs; run++) {
    if (one.together) {
      say(`${one.name}: run ${run} of ${runs}, both sides at once`)
      await ground.clear()
      const settled = await Promise.allSettled([one.ours(room), one.raw(room)]) // each ends what it started
      const [ours, raw] = settled.map((side) => {
        if (side.status === 'rejected') throw side.reason
        return side.value
      })
      if (ours && raw) {
        found.ours.push(ours)
        found.raw.push(raw)
      }
      continue
    }
    for (const side of run % 2 === 1 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const)) {
      say(`${one.name}: run ${run} of ${runs}, ${side}`)
      await ground.clear()
      found[side].push(await one[side](room))
    }
  }
  return found
}
