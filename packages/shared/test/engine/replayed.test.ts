import { createHash } from 'node:crypto'
import { UnrecoverableError } from 'bullmq'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNeeds, readView, reconcile, replayDeadLetter, scanDeadLetters } from '../../src/index.ts'
import type { PlannedJob } from '../../src/workflow/plan.ts'
import { job, openRoom, plan, type Room } from './room.ts'

/** How often a job still dies. */
const deaths = new Map<string, number>()
let room: Room
beforeAll(async () => {
  room = await openRoom({
    // tells every output that it was made of, however far away
    handler: async ({ data }) => {
      const needs = await readNeeds(room.client, room.keys, data)
      const left = deaths.get(data.job) ?? 0
      deaths.set(data.job, left - 1)
      if (left > 0) throw new UnrecoverableError(`${data.job} dies`)
      return createHash('sha1')
        .update(JSON.stringify([data.job, needs]))
        .digest('hex')
    },
  })
})
afterAll(() => room.close())

/** A random DAG, and how often each of its jobs dies before it succeeds. */
const dying = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 4 }),
      dies: fc.oneof(
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
      ),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((nodes) => ({
    jobs: nodes.map(({ needs }, i) => job(`j${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `j${need % i}`))])),
    dies: new Map(nodes.map(({ dies }, i) => [`j${i}`, dies])),
  }))

/** What a look at the workflow shows of every job when all is over. */
async function whole(id: string) {
  const view = await readView(room.client, room.keys, id)
  const jobs = view?.jobList.map(({ name, state, output, when, needs }) => ({ name, state, output, when, needs }))
  return { state: view?.state, jobs: view?.jobs, jobList: jobs }
}

async function undisturbed(jobs: readonly PlannedJob[]) {
  deaths.clear()
  const id = await room.submit(plan(jobs))
  await room.settled(id)
  return await whole(id)
}

async function lettersOf(workflow: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of scanDeadLetters(room.client, room.keys, { workflow })) ids.push(id)
  return ids
}

describe('a workflow whose dead jobs are replayed in any order, until none is left', () => {
  it.each(['skip', 'hold'] as const)(
    'ends as a run that nothing disturbed, with the same outputs, if it %ss',
    async (onFailure) => {
      await fc.assert(
        fc.asyncProperty(dying, fc.infiniteStream(fc.nat()), fc.boolean(), async ({ jobs, dies }, picks, together) => {
          const expected = await undisturbed(jobs)
          for (const [name, times] of dies) deaths.set(name, times)
          const id = await room.submit(plan(jobs, { onFailure }))
          await room.settled(id)
          for (let letters = await lettersOf(id); letters.length > 0; letters = await lettersOf(id)) {
            const count = together ? 1 + (picks.next().value % letters.length) : 1
            const order = letters.map((letter) => ({ letter, at: picks.next().value })).toSorted((a, b) => a.at - b.at)
            const chosen = order.slice(0, count)
            await Promise.all(chosen.map(({ letter }) => replayDeadLetter(room.client, room.keys, letter)))
            await room.settled(id)
          }
          expect(await whole(id)).toEqual(expected)
          expect(room.early).toEqual([])
          expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 0 })
        }),
        { numRuns: 40 },
      )
    },
    60_000,
  )
})
