import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createProducer, type Producer } from '@millrace/producer'

const ROOT = resolve(import.meta.dirname, '../../..')
const WORKER = join(ROOT, 'packages/worker/bin/millrace-worker.js')
const TASKS = join(ROOT, 'examples/census/tasks')
const WORKERS = 2
const END_MS = 10_000

/** What a run of the demo stands on: a namespace and a folder of its own, two workers, a producer. */
export interface Stage {
  readonly producer: Producer
  readonly url: string
  readonly namespace: string
  readonly folder: string
  readonly out: string
  close(): Promise<void>
}

/** Starts two worker processes; what they log goes to a file, so that the screen stays readable. */
export async function openStage(folder: string): Promise<Stage> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    console.error(`"${folder}" is not a folder. Name one: npm run demo -- <folder>`)
    process.exit(2)
  }
  const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
  const namespace = `demo-${randomUUID().slice(0, 8)}`
  const out = join(ROOT, '.millrace', 'demo', new Date().toISOString().replaceAll(':', '-'))
  mkdirSync(out, { recursive: true })
  const producer = await createProducer({ connection: url, namespace })
  const log = createWriteStream(join(out, 'workers.log'))
  const workers = Array.from({ length: WORKERS }, (_, index) => startWorker(`worker-${index + 1}`, url, namespace, log))

  let closing: Promise<void> | undefined
  const close = async () => {
    await Promise.all(workers.map(endWorker))
    await producer.close()
    log.end()
  }
  return {
    producer,
    url,
    namespace,
    folder,
    out,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

function startWorker(name: string, url: string, namespace: string, log: WriteStream): ChildProcess {
  const args = [
    WORKER,
    '--tasks',
    TASKS,
    '--name',
    name,
    '--concurrency',
    '4',
    '--namespace',
    namespace,
    '--drain',
    '5s',
  ]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, REDIS_URL: url, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  return child
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const ended = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGTERM')
  await Promise.race([ended, sleep(END_MS, undefined, { ref: false }).then(() => worker.kill('SIGKILL'))])
  await ended
}
