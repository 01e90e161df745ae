// npm run bench:letters: looks at many dead letters with the command line, and holds what it takes against its targets.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createProducer } from '@millrace/producer'
import { poolKeys } from '@millrace/shared'
import { openGround } from './runner/ground.ts'
import { type Column, textTable } from './runner/table.ts'

const LETTERS = Number(process.argv[2] ?? 100_000)
const [FINGERPRINTS, TASKS, TENANTS, WORKFLOWS] = [40, 6, 8, Math.ceil(LETTERS / 5)]
const CODES = ['MILLRACE_TASK_FAILED', 'MILLRACE_SERVICE_FAILED', 'MILLRACE_INPUT_INVALID', 'MILLRACE_TASK_TIMEOUT']
const BIN = fileURLToPath(new URL('../packages/producer/bin/millrace.js', import.meta.url))
/** Has a process of Node say on stderr how much memory it had at most, in KiB. */
const TELL_MEMORY = `--import=data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process._rawDebug("maxrss:" + process.resourceUsage().maxRSS))',
)}`

interface Row {
  readonly command: string
  readonly seconds: number
  readonly mostSeconds: number
  readonly megabytes: number
  readonly slowestMs: number
}

/** A letter as an export has it: what bury.lua writes for a job with an input, a stack and three attempts. */
function letterLine(number: number): string {
  const kind = number % FINGERPRINTS
  const [task, code] = [`task.${kind % TASKS}`, CODES[kind % CODES.length] as string]
  const workflow = `nightly-${number % WORKFLOWS}`
  const job = `job${Math.floor(number / WORKFLOWS)}`
  const failedAt = Date.now() - (LETTERS - number) * 100
  const message = `${code} of kind ${kind}: order ${number} could not be charged`
  const past = { worker: 'worker-1', startedAt: failedAt - 50, failedAt, code, message }
  const letter = {
    ...{ queue: kind % 2 === 0 ? 'default' : 'slow', jobId: `${workflow}.${job}`, task, code, message },
    ...{ severity: 'medium', category: 'handler', attempts: 3, stalls: 0, worker: 'worker-1', context: null },
    fingerprint: createHash('sha1').update(`${kind}`).digest('hex').slice(0, 12),
    ...{ submittedAt: failedAt - 60_000, startedAt: failedAt - 50, failedAt },
    stack: [`Error: ${message}\n${'    at charge (file:///app/tasks/charge.ts:10:11)\n'.repeat(8)}`],
    history: [1, 2, 3].map((attempt) => ({ attempt, fencingToken: attempt, ...past })),
    data: {
      ...{ workflow, workflowName: 'nightly', job, tenant: `tenant${number % TENANTS}`, needs: {} },
      with: { order: number, note: 'x'.repeat(200) },
    },
  }
  return JSON.stringify({ id: `${letter.queue}~${letter.jobId}`, letter })
}

function* letterLines(): Generator<string> {
  for (let number = 0; number < LETTERS; number++) yield letterLine(number)
}

const ground = await openGround()
const { url, redis } = ground.room()
const keys = poolKeys('letters')
const producer = await createProducer({ connection: url, namespace: 'letters' })
const beganMonoMs = performance.now()
await producer.deadLetters.import(letterLines())
for (let from = 0; from < WORKFLOWS; from += 1_000) {
  const pipeline = redis.pipeline()
  for (let number = from; number < Math.min(WORKFLOWS, from + 1_000); number++) {
    pipeline.hset(keys.workflow(`nightly-${number}`), { state: 'failed', onFailure: 'skip', skipped: 3, total: 8 })
  }
  await pipeline.exec()
}
await producer.close()
console.error(`${LETTERS} letters written in ${((performance.now() - beganMonoMs) / 1_000).toFixed(1)} s`)
await redis.config('SET', 'slowlog-log-slower-than', '100')

/** Runs one command and gives what it took; the slowest script in Redis as its slow log has it. */
async function measure(args: readonly string[], mostSeconds: number): Promise<Row> {
  await redis.call('SLOWLOG', 'RESET')
  const env = { ...process.env, REDIS_URL: url, MILLRACE_NAMESPACE: 'letters', NODE_OPTIONS: TELL_MEMORY }
  const startedMonoMs = performance.now()
  const child = spawn(process.execPath, [BIN, 'dlq', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (exit !== 0) throw new Error(`millrace dlq ${args.join(' ')} ended with ${exit}: ${said}`)
  const seconds = (performance.now() - startedMonoMs) / 1_000
  const slow = (await redis.call('SLOWLOG', 'GET', '-1')) as [number, number, number][]
  const slowestMs = Math.max(0, ...slow.map(([, , micros]) => micros)) / 1_000
  const megabytes = Number(/maxrss:(\d+)/.exec(said)?.[1]) / 1_024
  return { command: `dlq ${args.join(' ')}`, seconds, mostSeconds, megabytes, slowestMs }
}

const fixed = (digits: number, pick: (row: Row) => number) => (row: Row) => pick(row).toFixed(digits)
const COLUMNS: Column<Row>[] = [
  { title: 'command', cell: ({ command }) => command },
  { title: 'seconds', cell: fixed(2, ({ seconds }) => seconds), align: 'right' },
  { title: 'at most', cell: fixed(1, ({ mostSeconds }) => mostSeconds), align: 'right' },
  { title: 'MB, at most 200', cell: fixed(0, ({ megabytes }) => megabytes), align: 'right' },
  { title: 'Redis ms, at most 25', cell: fixed(1, ({ slowestMs }) => slowestMs), align: 'right' },
]

const rows = [
  await measure(['stats'], 3),
  await measure(['list'], 0.5),
  await measure(['list', '--task', 'task.3'], 0.5),
  await measure(['list', '--fingerprint', createHash('sha1').update('7').digest('hex').slice(0, 12)], 0.5),
  await measure(['list', '--workflow', 'nightly-1'], 0.5),
  await measure(['list', '--text', 'order 4711 '], 0.5),
  await measure(['list', '--code', 'NO_SUCH_CODE'], 0.5),
  await measure(['list', '--older-than', '30d'], 0.5),
  await measure(['export'], 60),
]
console.log(textTable(COLUMNS, rows))
await ground.close()
process.exit(
  rows.every(({ seconds, mostSeconds, megabytes, slowestMs }) => {
    return seconds <= mostSeconds && megabytes < 200 && slowestMs < 25
  })
    ? 0
    : 1,
)
