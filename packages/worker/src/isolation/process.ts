import { type ChildProcess, fork } from 'node:child_process'
import { MillraceError, type Task, type TaskContext } from '@millrace/shared'
import { blocked, ended, outOfMemory } from './endings.ts'
import type { ToChild, ToWorker } from './protocol.ts'
import { createRpc } from './rpc.ts'

const CHILD = new URL(`./child${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** How often the process is asked for a sign of life and for its memory. */
const PING_EVERY_MS = 500
/** A process has so much for its code, buffers and stacks beside the heap that its task declares. */
const BESIDE_HEAP_BYTES = 128 * 1024 * 1024
/** What it has said last, for the message of a failure. */
const TAIL = 4_000
/** Of the grace, what the handler gets; the rest is for ending the process. */
const GRACE_PART = 0.8

interface RunLimits {
  readonly signal: AbortSignal
  /** How long the handler may clean up after its signal was aborted; the process is gone by then. */
  readonly graceMs: number
}

export interface TaskProcess {
  readonly child: ChildProcess
  /**
   * Runs the handler, once. However that ends, the process is ended too.
   *
   * @param began called when the modules are loaded and the handler begins.
   */
  run(input: unknown, ctx: TaskContext, limits: RunLimits, began: () => void): Promise<unknown>
  kill(): void
}

/** Starts a process that loads the module of the task and waits. */
export function startTaskProcess(task: Task, file: string): TaskProcess {
  const { memoryBytes } = task
  const limit = memoryBytes === undefined ? [] : [`--max-old-space-size=${Math.ceil(memoryBytes / 1024 / 1024)}`]
  const inherited = process.execArgv.filter((flag) => !/^--(?:inspect|max-old-space-size)/.test(flag))
  const child = fork(CHILD, [], {
    execArgv: [...inherited, ...limit],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const send = (message: ToChild) => {
    if (child.connected) child.send(message, () => {}) // a process that is gone tells so by its exit
  }
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    said = (said + chunk).slice(-TAIL)
  })
  child.on('error', () => {})
  send({ kind: 'load', file, task: task.name, parent: process.pid })
  // it must not keep the worker's process alive, nor wait for it
  child.unref()
  child.channel?.unref()
  ;(child.stderr as unknown as { unref?(): void } | null)?.unref?.()

  function run(input: unknown, ctx: TaskContext, { signal, graceMs }: RunLimits, began: () => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const rpc = createRpc(send)
      let failure: Error | undefined
      const kill = (why: Error) => {
        failure ??= why
        child.kill('SIGKILL')
      }
      const watch = watchLife(task, () => send({ kind: 'ping' }), kill)
      let grace: NodeJS.Timeout | undefined
      const abort = () => {
        grace = setTimeout(() => {
          kill(signal.reason as Error)
          done(() => reject(signal.reason)) // nothing survives that: its end need not be waited for
        }, graceMs * GRACE_PART)
      }
      const done = (settle: () => void) => {
        watch.stop()
        clearTimeout(grace)
        signal.removeEventListener('abort', abort)
        rpc.end(new MillraceError('MILLRACE_ISOLATE_EXITED', 'The process of the task is gone.'))
        settle()
      }

      const hear = (message: ToWorker) => {
        if (message.kind === 'pong') watch.alive(message.rssBytes)
        else if (message.kind === 'began') {
          watch.begin()
          began()
        } else if (message.kind === 'returned') done(() => resolve(rpc.decode(message.value)))
        else if (message.kind === 'threw') done(() => reject(rpc.decode(message.error)))
        else rpc.receive(message)
      }
      child.on('message', (message: ToWorker) => {
        try {
          hear(message)
        } catch (error) {
          kill(error as Error) // a message that cannot be read must not end the worker
        }
      })
      // not `exit`: what it said last is read by then
      child.once('close', (code, by) => done(() => reject(failure ?? endedBy(task, code, by, said))))
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
      if (child.exitCode !== null || child.signalCode !== null) {
        done(() => reject(endedBy(task, child.exitCode, child.signalCode, said)))
      }
      send({ kind: 'run', input: rpc.encode(input), ctx: rpc.encode(contextOf(ctx)) })
    }).finally(end)
  }

  /** Leaves it the time to write what it has to say. */
  function end(): void {
    if (child.connected) child.disconnect()
    setTimeout(() => child.kill('SIGKILL'), 1_000).unref()
  }
  return { child, run, kill: () => void child.kill('SIGKILL') }
}

/** A context makes its members when they are asked for; the other process gets all of them, and the input by itself. */
const CONTEXT = {
  ...{ needs: true, signal: true, attempt: true, fencingToken: true, workflow: true, job: true, log: true },
  ...{ heartbeat: true, progress: true, spawn: true, resource: true, checkpoint: true, once: true, step: true },
  ...{ idempotencyKey: true, context: true, emit: true, similar: true },
} satisfies Record<Exclude<keyof TaskContext, 'input'>, true>

const contextOf = (ctx: TaskContext) =>
  Object.fromEntries(Object.keys(CONTEXT).map((name) => [name, ctx[name as keyof TaskContext]]))

function endedBy(task: Task, code: number | null, signal: string | null, said: string): Error {
  if (/heap out of memory|Allocation failed/.test(said)) return outOfMemory(task, 'its heap is full')
  if (signal === 'SIGKILL')
    return outOfMemory(task, 'the system killed it (SIGKILL), most often because memory is short')
  return ended(task, signal ? `was ended by ${signal}` : `ended with exit code ${code}`, said)
}

/** Looks whether the process still answers, and how much memory it has. */
function watchLife({ name, memoryBytes, isolate }: Task, ping: () => void, kill: (why: Error) => void) {
  const task = { name, memoryBytes }
  const blockedAfterMs = isolate ? isolate.blockedAfterMs : Number.POSITIVE_INFINITY
  /** While modules are loaded the loop may be as busy as it likes. */
  let aliveMonoMs = Number.POSITIVE_INFINITY
  let lookedMonoMs = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    // this process has been asleep itself: what the other has said since is not read yet
    if (now - lookedMonoMs > 3 * PING_EVERY_MS) aliveMonoMs = Math.max(aliveMonoMs, now)
    lookedMonoMs = now
    if (now - aliveMonoMs > blockedAfterMs) kill(blocked(task, blockedAfterMs))
    else ping()
  }, PING_EVERY_MS)
  ping()
  return {
    begin() {
      aliveMonoMs = performance.now()
    },
    alive(rssBytes: number) {
      aliveMonoMs = Math.max(aliveMonoMs, performance.now())
      if (memoryBytes !== undefined && rssBytes > memoryBytes + BESIDE_HEAP_BYTES) {
        kill(outOfMemory(task, `it has ${Math.round(rssBytes / 1024 / 1024)} MiB`))
      }
    },
    stop: () => clearInterval(timer),
  }
}
