import { describe, expect, it } from 'vitest'
import { replayTrace } from '../../traces/replay.ts'
import type { Trace } from '../../traces/trace.ts'
import { readTrace } from '../../traces/wfformat.ts'
import { openTestRoom } from '../room.ts'
import { smallTrace } from './small-trace.ts'

describe('a trace', () => {
  it('is run by worker processes: every job once, after its needs, and never quicker than its bound', async () => {
    using room = openTestRoom()
    const { trace } = readTrace(JSON.stringify(smallTrace())) as { trace: Trace }
    const found = await replayTrace(room, trace, { workers: 2, slots: 3, scale: 0.5, policy: 'fifo' })
    expect(found).toMatchObject({ jobs: 4, edges: 4, twice: [], early: [], missing: [] })
    expect(found.bound.lowerBound).toBeCloseTo(0.5)
    expect(found.ratio).toBeGreaterThanOrEqual(1)
  })
})
