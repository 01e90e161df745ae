import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cancelWorkflow,
  connectBroker,
  lastRun,
  listWorkflows,
  poolKeys,
  runSchedule,
  type Schedule,
  setCapacity,
} from '../../src/index.ts'
import { slotWorkflow } from '../../src/schedules/slot.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys = poolKeys(freshNamespace())
beforeEach(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'producer' })
  keys = poolKeys(freshNamespace())
})
afterEach(() => client.disconnect())

const THREE = Date.UTC(2026, 10, 21, 3)
const HOUR = 3_600_000
const nightly: Schedule = {
  name: 'nightly',
  overlap: 'skip',
  cron: '0 3 * * *',
  workflow: { name: 'report', inputs: { day: 'today' }, jobs: { a: { task: 'work', with: '${{ inputs.day }}' } } },
}
const ids = async () => (await listWorkflows(client, keys)).map(({ id }) => id).toSorted()

describe('the workflow of a slot', () => {
  it.each([
    [THREE, 'nightly-20261121T030000Z'],
    [THREE + 250, 'nightly-20261121T030000250Z'],
  ])('of %d is %s', (slot, id) => {
    expect(slotWorkflow('nightly', slot)).toBe(id)
  })
})

describe('a run of a schedule', () => {
  it('submits its workflow once, however many workers begin it and however often', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => runSchedule(client, keys, nightly, THREE)))
    expect(new Set(outcomes)).toEqual(new Set(['submitted']))
    expect(await runSchedule(client, keys, nightly, THREE)).toBe('submitted')
    expect(await ids()).toEqual(['nightly-20261121T030000Z'])
    expect(await lastRun(client, keys, 'nightly')).toMatchObject({
      slot: THREE,
      outcome: 'submitted',
      workflow: 'nightly-20261121T030000Z',
      state: 'running',
    })
  })

  it('is skipped while the workflow of the run before has not ended, unless it may overlap', async () => {
    await runSchedule(client, keys, nightly, THREE)
    expect(await runSchedule(client, keys, nightly, THREE + HOUR)).toBe('skipped')
    expect(await runSchedule(client, keys, nightly, THREE + 2 * HOUR)).toBe('skipped')
    expect(await lastRun(client, keys, 'nightly')).toMatchObject({
      slot: THREE + 2 * HOUR,
      outcome: 'skipped',
      why: 'nightly-20261121T030000Z has not ended',
      workflow: undefined,
    })
    expect(await runSchedule(client, keys, { ...nightly, overlap: 'allow' }, THREE + 3 * HOUR)).toBe('submitted')
    for (const id of await ids()) await cancelWorkflow(client, keys, id)
    expect(await runSchedule(client, keys, nightly, THREE + 4 * HOUR)).toBe('submitted')
    expect(await ids()).toHaveLength(3)
  })

  it('says why its workflow was refused, and asks to be tried again when only room is missing', async () => {
    const broken = { ...nightly, workflow: { name: 'report', jobs: { a: { task: 'work', needs: 'b' } } } }
    expect(await runSchedule(client, keys, broken, THREE)).toBe('refused')
    expect(await lastRun(client, keys, 'nightly')).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('"b"'),
    })
    await setCapacity(client, keys, 'default', 1)
    await runSchedule(client, keys, { ...nightly, name: 'other' }, THREE)
    await expect(runSchedule(client, keys, nightly, THREE)).rejects.toMatchObject({ code: 'MILLRACE_QUEUE_FULL' })
    await setCapacity(client, keys, 'default', 2)
    expect(await runSchedule(client, keys, nightly, THREE)).toBe('submitted')
  })
})
