/** The process of an isolated task: it loads the task's module, runs its handler once, and ends with its worker. */
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ToChild, ToWorker } from './protocol.ts'
import { createRpc } from './rpc.ts'

type Handler = (input: unknown, ctx: object) => unknown

const send = (message: ToWorker) => void process.send?.(message, undefined, {}, () => {})
const rpc = createRpc(send)
let handler: Promise<Handler> | undefined

process.on('disconnect', () => process.exit(1)) // the worker is gone, or has no more use for this process
process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'load':
      handler = load(message.file, message.task)
      handler.catch(() => {}) // told when it is to run
      endWith(message.parent)
      return
    case 'run':
      void run(message.input, message.ctx)
      return
    case 'ping':
      send({ kind: 'pong', rssBytes: process.memoryUsage.rss() })
      return
    default:
      rpc.receive(message)
  }
})

async function load(file: string, name: string): Promise<Handler> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  const task = Object.values(module)
    .flat()
    .find((value) => (value as { name?: unknown } | null)?.name === name) as { handler?: Handler } | undefined
  if (typeof task?.handler === 'function') return task.handler
  throw new Error(`${file} exports no task "${name}" any more`)
}

async function run(input: unknown, ctx: unknown): Promise<void> {
  try {
    const given = { ...(rpc.decode(ctx) as object), input: rpc.decode(input) }
    const handle = await (handler as Promise<Handler>)
    send({ kind: 'began' })
    const value = await handle(given.input, given)
    send({ kind: 'returned', value: rpc.encode(value) })
  } catch (error) {
    send({ kind: 'threw', error: rpc.encode(error) })
  }
}

/** When memory runs out the kernel should end this process and not its worker. Only Linux knows the file. */
try {
  writeFileSync('/proc/self/oom_score_adj', '1000')
} catch {}

/**
 * A handler that keeps the event loop busy hears nothing, not even that its worker is gone. A thread sees it: a process
 * whose parent has ended gets another one.
 */
function endWith(parent: number): void {
  const code = `setInterval(() => process.ppid === ${parent} || process.kill(process.pid, 'SIGKILL'), 500)`
  new Worker(code, { eval: true, execArgv: [], stdout: false, resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref()
}
