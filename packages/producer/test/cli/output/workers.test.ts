import type { WorkerView } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { plainLook } from '../../../src/cli/output/look.ts'
import { renderWorkers } from '../../../src/cli/output/workers.ts'

const now = 1_000_000
const look = (width: number) => ({ ...plainLook(now), width })
const worker = (rest: Partial<WorkerView> = {}): WorkerView => ({
  id: 'w/1',
  seenAt: now,
  name: 'w',
  host: 'h',
  pid: 1,
  version: '1.2.3',
  startedAt: now - 65_000,
  queues: ['default', 'mail'],
  slots: { limit: 8, min: 4, max: 32, active: 3, taking: true },
  moves: [],
  cpu: 0.25,
  loopDelayMs: 2,
  memory: { share: 0.5, rssBytes: 1, limitBytes: 2 },
  breakers: [],
  unhealthy: [],
  tasks: [{ name: 'a', queue: 'default', description: '' }],
  succeeded: {},
  ...rest,
})

describe('the table of workers', () => {
  it('shows slots, load and state', () => {
    const lines = renderWorkers([worker()], look(200)).split('\n')
    expect(lines[0]).toMatch(/^WORKER +ACTIVE +RANGE +CPU +MEMORY +LOOP +TASKS +QUEUES +VERSION +UP +STATE$/)
    expect(lines[1]).toMatch(/^w +3\/8 +4-32 +25 % +50 % +2 ms +1 +default, mail +1\.2\.3 +1 min 05 s +well$/)
  })

  it('says what is wrong', () => {
    const ill = worker({
      seenAt: now - 20_000,
      slots: { limit: 4, min: 4, max: 4, active: 4, taking: false },
      unhealthy: [{ task: 'ledger.post', since: 1 }],
      breakers: ['stripe'],
    })
    expect(renderWorkers([ill], look(200))).toContain(
      'silent, seen 20 s ago; memory is short: takes nothing; unhealthy for ledger.post; open: stripe',
    )
  })

  it('keeps names, slots and state on a narrow terminal', () => {
    const [head] = renderWorkers([worker()], look(50)).split('\n')
    expect(head).toMatch(/WORKER +ACTIVE .*STATE/)
    expect(head?.length).toBeLessThanOrEqual(50)
  })
})
