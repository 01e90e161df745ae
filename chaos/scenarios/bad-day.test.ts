import { readSummary } from '@millrace/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../history/entry.ts'
import { liveThrough, OTHERS, type Phase } from '../stage/bad-day.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { openService, type Service } from '../stage/service.ts'
import type { Line } from '../stage/workers.ts'

const WORKERS = 4
/** A moment after the change of a phase belongs to neither. */
const SETTLE_MS = 250

/** What every worker said of the breaker, in order. */
const OPEN = /^the breaker is open/
const CLOSED = /^the breaker is closed/
const PROBE = /is the probe$/

interface Outage {
  /** By their number, each with the line of every worker. */
  readonly openings: readonly (readonly Line[])[]
  readonly closed: readonly Line[]
  readonly probes: readonly Line[]
}

const at = (line: Line | undefined) => Date.parse(String(line?.['time']))
const spread = (lines: readonly Line[]) => Math.max(...lines.map(at)) - Math.min(...lines.map(at))
const isOther = ({ job }: Entry) => job.includes('.other')

describe('four workers on the day on which a service dies, slows down and is flooded', () => {
  let pool: Pool
  let service: Service
  let phases: Phase[]
  let submitted: ReadonlyMap<string, number>
  let history: Entry[]
  let outages: Outage[]
  let lines: Line[]
  let letters = 0
  let recoveredMs = 0

  beforeAll(async () => {
    ;[pool, service] = await Promise.all([openPool(), openService()])
    const fleet = pool.fleet(WORKERS, { settings: { CHAOS_SERVICE: service.url }, concurrency: 2 })
    await fleet.ready()
    const day = await liveThrough(pool, service)
    ;({ phases, submitted } = day)
    await pool.ended(60_000)
    recoveredMs = Date.now() - (phases.at(-1)?.from ?? 0)
    history = pool.history()
    lines = fleet.lines()
    letters = await pool.client.zcard(pool.keys.queue('dead-letters', 'prioritized'))
    outages = outagesOf(lines)
    await fleet.end()
    report()
  }, 180_000)
  afterAll(async () => {
    await pool?.close()
    await service?.close()
  })

  /** Jobs of others that ended in the phase, as a share of those that came in it. */
  function share({ from, to }: Phase): number {
    const during = (at: number) => at >= from && at < to
    const came = [...submitted.values()].filter(during).length * OTHERS
    const ended = history.filter((one) => isOther(one) && one.kind === 'returned' && during(one.at)).length
    return Math.min(1, ended / came) // more than all came before
  }

  /** Orders that began while their resource was open for everybody, and were no probe. */
  function begunInVain(): Entry[] {
    const probes = new Set(lines.filter(({ msg }) => PROBE.test(msg)).map(({ job }) => job))
    const shut = outages.map(({ openings, closed }) => [at(openings[0]?.[0]) + SETTLE_MS, at(closed[0])] as const)
    return history.filter(
      (one) =>
        one.kind === 'started' &&
        !isOther(one) &&
        !probes.has(one.job) &&
        shut.some(([from, to]) => one.at > from && one.at < to),
    )
  }

  /** How many orders had to wait in each outage, and how often any of them was fetched in vain a second time. */
  function fetchedInVain(): { waited: number; again: number }[] {
    return outages.map(({ openings, closed, probes }) => {
      // an attempt that probed, and failed, was not fetched in vain
      const counts = new Map<unknown, number>()
      for (const { job } of probes) counts.set(job, (counts.get(job) ?? 0) - 1)
      for (const line of lines) {
        const during = at(line) >= at(openings[0]?.[0]) && at(line) <= at(closed.at(-1))
        if (line['code'] !== 'MILLRACE_BREAKER_OPEN' || !during) continue
        const job = `${line['workflow']}.${line['job']}`
        counts.set(job, (counts.get(job) ?? 0) + 1)
      }
      const again = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - 1), 0)
      return { waited: counts.size, again }
    })
  }

  function report(): void {
    const [, quiet] = phases
    const figures = {
      'share of others done, by phase': phases
        .map((phase) => `${phase.condition} ${share(phase).toFixed(3)}`)
        .join(', '),
      'least share, beside that of the quiet phase': (
        Math.min(...phases.slice(1).map(share)) / share(quiet as Phase)
      ).toFixed(3),
      'openings by outage': outages.map(({ openings }) => openings.length).join(', '),
      'ms from the first to the last worker that opens': outages
        .map(({ openings }) => openings.map(spread).join(' '))
        .join(', '),
      'ms from the first to the last worker that closes': outages.map(({ closed }) => spread(closed)).join(', '),
      'probes by outage': outages.map(({ probes }) => probes.length).join(', '),
      'orders begun on an open breaker': begunInVain().length,
      'orders that waited, and fetches in vain of one that waited already, by outage': fetchedInVain()
        .map(({ waited, again }) => `${waited} and ${again}`)
        .join(', '),
      'failed attempts': history.filter(({ kind }) => kind === 'threw').length,
      'dead letters': letters,
      'ms from the last recovery until nothing was left to do': recoveredMs,
    }
    for (const [name, value] of Object.entries(figures)) console.log(`bad day: ${name}: ${value}`)
  }

  it('lets others keep at least 95 % of their pace', () => {
    const [, quiet, ...others] = phases
    for (const phase of others)
      expect(share(phase) / share(quiet as Phase), phase.condition).toBeGreaterThanOrEqual(0.95)
  })

  it('opens the breaker for the whole fleet within 250 ms, and closes it so', () => {
    expect(outages.length).toBe(3)
    for (const { openings, closed } of outages) {
      for (const opening of openings) {
        expect(opening.length).toBe(WORKERS)
        expect(spread(opening)).toBeLessThanOrEqual(250)
      }
      expect(closed.length).toBe(WORKERS)
      expect(spread(closed)).toBeLessThanOrEqual(250)
    }
  })

  it('spends no attempt on an open breaker', () => {
    expect(begunInVain()).toEqual([])
  })

  it('fetches a job that must wait once; but for one that is called to probe when another attempt was quicker', () => {
    for (const [index, { waited, again }] of fetchedInVain().entries()) {
      expect(waited).toBeGreaterThan(20)
      expect(again).toBeLessThanOrEqual(outages[index]?.probes.length ?? 0)
    }
  })

  it('makes exactly one probe per half-open time', () => {
    for (const { openings, probes } of outages) {
      expect(probes.map((line) => line['openings'])).toEqual(openings.map((_, index) => index + 1))
    }
  })

  it('blames the service and not the workers: none is called unhealthy', () => {
    expect(lines.filter(({ msg }) => /^the task fails here/.test(msg))).toEqual([])
  })

  it('recovers without an operator: every job ends, and none is lost to the troubles', async () => {
    expect(letters).toBe(0)
    for (const id of submitted.keys()) expect((await readSummary(pool.client, pool.keys, id))?.state).toBe('succeeded')
  })
})

/** The lines in which the breaker opens, is probed and closes, put together by outage: each ends when all have closed. */
function outagesOf(lines: readonly Line[]): Outage[] {
  const told = lines
    .filter(({ msg }) => OPEN.test(msg) || CLOSED.test(msg) || PROBE.test(msg))
    .toSorted((a, b) => at(a) - at(b))
  const outages: { openings: Line[]; closed: Line[]; probes: Line[] }[] = []
  for (const line of told) {
    const begins = OPEN.test(line.msg) && line['openings'] === 1 && (outages.at(-1)?.closed.length ?? 1) > 0
    if (begins) outages.push({ openings: [], closed: [], probes: [] })
    const outage = outages.at(-1)
    if (CLOSED.test(line.msg)) outage?.closed.push(line)
    else if (PROBE.test(line.msg)) outage?.probes.push(line)
    else outage?.openings.push(line)
  }
  return outages.map(({ openings, closed, probes }) => {
    const numbered = [...Map.groupBy(openings, (line) => line['openings']).values()]
    return { openings: numbered, closed, probes }
  })
}
