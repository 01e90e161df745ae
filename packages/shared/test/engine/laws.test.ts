import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readView, reconcile, replayDeadLetter, scanDeadLetters } from '../../src/index.ts'
import type { Plan } from '../../src/workflow/plan.ts'
import { TRIGGERS } from '../../src/workflow/states.ts'
import { type End, model, modelState } from './model.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room

/** A random DAG with random triggers and failures: every job may need any that stand before it. */
const workflows = fc
  .array(
    fc.record({ needs: fc.array(fc.nat(), { maxLength: 4 }), when: fc.constantFrom(...TRIGGERS), fails: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 14,
    },
  )
  .map((nodes) => {
    const fails = new Set<string>()
    const jobs = nodes.map((node, index) => {
      const needs = index === 0 ? [] : [...new Set(node.needs.map((need) => `j${need % index}`))]
      if (node.fails) fails.add(`j${index}`)
      return job(`j${index}`, needs, { when: needs.length === 0 ? 'succeeded' : node.when })
    })
    return { jobs, fails }
  })

async function endsOf(id: string): Promise<Record<string, string>> {
  const view = await readView(room.client, room.keys, id)
  return Object.fromEntries((view?.jobList ?? []).map(({ name, state }) => [name, state]))
}

async function lettersOf(id: string): Promise<string[]> {
  const ids: string[] = []
  for await (const letter of scanDeadLetters(room.client, room.keys, { workflow: id })) ids.push(letter.id)
  return ids
}

/** Runs a plan in a room whose handlers fail as told; the names are made unique so that runs do not meet. */
async function run({ jobs, fails }: { jobs: Plan['jobs']; fails: ReadonlySet<string> }, onFailure: Plan['onFailure']) {
  room.failing.clear()
  for (const name of fails) room.failing.add(name)
  room.started.length = 0
  room.early.length = 0
  const id = await room.submit(plan(jobs, { onFailure }))
  const summary = await room.settled(id)
  return { id, summary }
}

describe.each([
  { maxGroup: 1, maxInFlight: 1 },
  { maxGroup: 3, maxInFlight: 2 },
  { maxGroup: 16, maxInFlight: 3 },
])('any workflow, settled in groups of at most $maxGroup', (groups) => {
  beforeAll(async () => {
    room = await openRoom({ groups })
  })
  afterAll(() => room.close())

  it('ends as the model says, runs every job at most once, and none before its needs have ended', async () => {
    await fc.assert(
      fc.asyncProperty(workflows, fc.constantFrom('skip', 'hold'), async (workflow, onFailure) => {
        const { id, summary } = await run(workflow, onFailure)
        const expected = model(workflow.jobs, workflow.fails, onFailure)
        expect(await endsOf(id)).toEqual(expected)
        expect(summary.state).toBe(modelState(expected))
        expect(room.early).toEqual([])
        expect(room.started.toSorted()).toEqual(namesOf(expected, 'succeeded', 'dead'))
        expect(summary.jobs).toMatchObject({ runnable: 0, waiting: namesOf(expected, 'waiting').length })
        expect(summary.jobs.dead).toBe(namesOf(expected, 'dead').length)
      }),
      { numRuns: 40 },
    )
  })

  it('buries exactly the jobs that failed for good', async () => {
    await fc.assert(
      fc.asyncProperty(workflows, fc.constantFrom('skip', 'hold'), async (workflow, onFailure) => {
        const { id } = await run(workflow, onFailure)
        const dead = namesOf(model(workflow.jobs, workflow.fails, onFailure), 'dead')
        expect((await lettersOf(id)).toSorted()).toEqual(dead.map((name) => `default~${id}.${name}`).toSorted())
      }),
      { numRuns: 15 },
    )
  })

  it('is, after every replay, what it would be had that job succeeded, save for what its failure had set off', async () => {
    await fc.assert(
      fc.asyncProperty(
        workflows,
        fc.constantFrom('skip', 'hold'),
        fc.infiniteStream(fc.nat()),
        async (workflow, onFailure, picks) => {
          const { id } = await run(workflow, onFailure)
          const fails = new Set(workflow.fails)
          let ends = model(workflow.jobs, fails, onFailure)
          for (let dead = namesOf(ends, 'dead'); dead.length > 0; dead = namesOf(ends, 'dead')) {
            const replayed = dead[picks.next().value % dead.length] as string
            fails.delete(replayed)
            room.failing.delete(replayed)
            expect(await replayDeadLetter(room.client, room.keys, `default~${id}.${replayed}`)).toBe('replayed')
            ends = model(
              workflow.jobs,
              fails,
              onFailure,
              new Set([...namesOf(ends, 'succeeded'), replayed]),
              new Set(dead),
            )
            expect((await room.settled(id)).state).toBe(modelState(ends))
            expect(await endsOf(id)).toEqual(ends)
          }
        },
      ),
      { numRuns: 25 },
    )
  }, 60_000)

  it('leaves the reconciler nothing to mend', async () => {
    await fc.assert(
      fc.asyncProperty(workflows, fc.constantFrom('skip', 'hold'), async (workflow, onFailure) => {
        await run(workflow, onFailure)
        expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 0 })
      }),
      { numRuns: 10 },
    )
  })
})

function namesOf(ends: Readonly<Record<string, End>>, ...wanted: End[]): string[] {
  return Object.keys(ends)
    .filter((name) => wanted.includes(ends[name] as End))
    .toSorted()
}
