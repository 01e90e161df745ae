import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProducer } from '@millrace/producer'
import { until } from '@millrace/shared/testing'
import { Redis } from 'ioredis'
import { stringify } from 'yaml'
import { freePort } from '../../scripts/broker/free-port.mjs'
import { startGuarded } from '../../scripts/broker/guarded.mjs'
import { openBroker } from '../../scripts/broker.mjs'
import { documents, ROOT } from '../containers/manifests.ts'
import { RULES } from './alerts.ts'
import { beginLoad, keepOrdering } from './load.ts'
import { PROMETHEUS } from './promtool.ts'

/** One line of an answer of Prometheus, as it is now. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

/** A pool of real processes under load, and a real Prometheus that scrapes them. */
export interface Stage {
  query(promql: string): Promise<Sample[]>
  /** Values of a label over the series that match. */
  labelValues(label: string, match: string): Promise<string[]>
  /** Names of the alerts that fire. */
  firing(): Promise<string[]>
  /** Nothing more is submitted, and the workers drain. */
  stopWorkers(): Promise<void>
  /** Lets Redis have so little memory that this share of it is in use. */
  tightenMemory(share: number): Promise<void>
  stopExporter(): Promise<void>
  close(): Promise<void>
}

const SCRAPE = '1s'
const READY_WITHIN_MS = 30_000

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-prometheus-'))
  const [server, exporter, ...workers] = (await Promise.all(Array.from({ length: 4 }, freePort))) as [number, number]
  // a Redis of its own, since its memory is limited
  const broker = await openBroker({ durable: false, env: { ...process.env, REDIS_URL: '' } })
  const redis = new Redis(broker.url)
  await redis.config('SET', 'maxmemory', '1gb')
  const env = { REDIS_URL: broker.url, PATH: process.env['PATH'] }
  const start = (command: readonly (string | number)[], more: Readonly<Record<string, string>> = {}) =>
    startGuarded(command.map(String), { env: { ...env, ...more }, output: 'ignore' })
  const program = (name: string) => [process.execPath, join(ROOT, 'packages', name)]

  const tasks = join(ROOT, 'test/prometheus/tasks')
  const workerProcesses = workers.map((port) =>
    start([...program('worker/bin/millrace-worker.js'), '--tasks', tasks, '--http-port', port], {
      MILLRACE_LOCK: '1s',
      MILLRACE_CONCURRENCY: '2-8',
      MILLRACE_MAX_STALLS: '5',
    }),
  )
  const exporterProcess = start([...program('producer/bin/millrace.js'), 'exporter', '--port', exporter])
  const producer = await createProducer({ connection: broker.url, httpPort: 0, tracing: false })

  writeRules(join(folder, 'rules.yml'))
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: SCRAPE, evaluation_interval: SCRAPE },
      rule_files: ['rules.yml'],
      scrape_configs: Object.entries({ worker: workers, exporter: [exporter], producer: [producer.httpPort] }).map(
        ([name, ports]) => ({
          job_name: `millrace-${name}`,
          static_configs: [{ targets: ports.map((port) => `127.0.0.1:${port}`), labels: { pool: 'test' } }],
        }),
      ),
    }),
  )
  mkdirSync(join(folder, 'data'))
  const prometheus = start([
    PROMETHEUS as string,
    ...[`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`],
    ...[`--web.listen-address=127.0.0.1:${server}`, '--log.level=error'],
  ])
  const ask = async (path: string): Promise<any> => {
    const answer = (await (await fetch(`http://127.0.0.1:${server}/api/v1/${path}`)).json()) as any
    if (answer.status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${answer.error}`)
    return answer.data
  }

  const query = async (promql: string): Promise<Sample[]> => {
    const { resultType, result } = await ask(`query?query=${encodeURIComponent(promql)}`)
    if (resultType === 'scalar') return [{ metric: {}, value: Number(result[1]) }]
    return result.map(({ metric, value }: any) => ({ metric, value: Number(value[1]) }))
  }

  const ready = (port: number, path: string) =>
    until(async () => (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined))?.ok, READY_WITHIN_MS)
  await Promise.all([...workers, exporter].map((port) => ready(port, '/readyz')))
  await ready(server, '/-/ready')
  // an increase needs a scrape before it
  const scraped = async () => (await query('sum(up)'))[0]?.value === workers.length + 2
  await until(scraped, READY_WITHIN_MS)
  await beginLoad(producer)
  const load = keepOrdering(producer)

  const stopWorkers = async () => {
    await load.end()
    await Promise.all(workerProcesses.map((one) => one.end()))
  }
  const stopExporter = () => exporterProcess.end()
  return {
    query,
    labelValues: (label, match) => ask(`label/${label}/values?match[]=${encodeURIComponent(match)}`),
    async firing() {
      const { alerts } = await ask('alerts')
      return [...new Set<string>(alerts.map(({ labels }: any) => labels.alertname))].toSorted()
    },
    stopWorkers,
    stopExporter,
    async tightenMemory(share) {
      const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
      await redis.config('SET', 'maxmemory', Math.round(used / share))
    },
    async close() {
      await Promise.all([stopWorkers(), stopExporter(), prometheus.end()])
      await producer.close()
      redis.disconnect()
      await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The rules without the time for which something must be so: a test has no ten minutes. */
function writeRules(file: string): void {
  const [{ groups } = {}] = documents(RULES)
  for (const { rules } of groups) for (const rule of rules) delete rule.for
  writeFileSync(file, stringify({ groups }))
}
