import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asked, variables } from '../grafana/boards.ts'
import { alerts, withoutComparisons } from './alerts.ts'
import { noPrometheus } from './promtool.ts'
import { openStage, type Sample, type Stage } from './stage.ts'

/** What Grafana puts in the place of its variables: rates look at four scrapes or more, as they do there. */
const VALUES: Readonly<Record<string, string>> = {
  __rate_interval: '10s',
  __range: '30s',
  pool: '.*',
  queue: '.*',
  task: '.*',
  resource: '.*',
}
const filled = (expr: string) => expr.replaceAll(/\$(\w+)/g, (_, name: string) => VALUES[name] as string)

/** By then everything has happened that a panel shows; a query without data then never will have any. */
const DATA_WITHIN_MS = 40_000

let stage: Stage
let deadline = 0
const isNumber = ({ value }: Sample) => Number.isFinite(value)

/** The answer, once there is a number in it; what there is when there never is. */
async function dataOf(promql: string): Promise<Sample[]> {
  let found: Sample[] = []
  const look = async () => {
    found = await stage.query(promql)
    return found.some(isNumber)
  }
  await until(look, Math.max(0, deadline - Date.now())).catch((error) => {
    if (!/^gave up/.test(error.message)) throw error
  })
  return found
}

if (noPrometheus) console.warn(`The queries of dashboards and alerts are not asked: ${noPrometheus}`)

describe.skipIf(noPrometheus)('on a pool under load', () => {
  beforeAll(async () => {
    stage = await openStage()
    deadline = Date.now() + DATA_WITHIN_MS
  }, 60_000)
  afterAll(() => stage?.close(), 60_000)

  describe('a panel', () => {
    it.each(asked)('$board: $panel has data for $expr', { timeout: 60_000 }, async ({ expr, legend }) => {
      const found = await dataOf(filled(expr))
      expect(found.filter(isNumber)).not.toEqual([])
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string)
      for (const { metric } of found) expect(Object.keys(metric)).toEqual(expect.arrayContaining(labels))
    })
  })

  describe('a variable', () => {
    it.each(variables)('has values: %s', async (query) => {
      const [, match = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? []
      expect(await stage.labelValues(label, filled(match))).not.toEqual([])
    })
  })

  describe('a rule', () => {
    const looked = alerts.map(({ alert, expr }) => [alert, withoutComparisons(expr)] as const)

    it.each(looked)('%s looks at what there is', { timeout: 60_000 }, async (alert, expr) => {
      if (alert === 'MillracePoolUnseen') return // looks at what is not there: see below
      expect((await dataOf(expr)).filter(isNumber)).not.toEqual([])
    })

    it('fires when it should', { timeout: 90_000 }, async () => {
      const fires = async (...names: string[]) => {
        let missing: string[] = []
        const look = async () => {
          const firing = await stage.firing()
          missing = names.filter((name) => !firing.includes(`Millrace${name}`))
          return missing.length === 0
        }
        await until(look).catch(() => expect(missing).toEqual([]))
      }
      await fires('BreakerOpen', 'DeadLettersGrowing', 'ErrorRateHigh', 'JobsStalled', 'QueueNearlyFull', 'SuccessLow')
      const quiet = ['NoWorkers', 'OldestJobTooOld', 'PoolUnseen', 'ReconcilerMended', 'RedisMemoryHigh']
      const firing = await stage.firing()
      expect(quiet.filter((name) => firing.includes(`Millrace${name}`))).toEqual([])

      await stage.stopWorkers()
      await stage.tightenMemory(0.9)
      await fires('NoWorkers', 'RedisMemoryHigh')
      await stage.stopExporter()
      await fires('PoolUnseen')
    })
  })
})
