import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { note } from '../history/file.ts'

type Context = Parameters<Parameters<typeof defineTask>[1]>[1]

const started = (ctx: Context) => {
  const entry = { kind: 'started', job: ctx.job.id, token: ctx.fencingToken, pid: process.pid, at: Date.now() } as const
  note(process.env['CHAOS_HISTORY'] as string, { ...entry, saw: {} })
}
const bad = (name: string, handler: (ctx: Context) => unknown, rest: { timeout?: string; queue?: string } = {}) =>
  defineTask({ name: `bad.${name}`, retry: { attempts: 2, delay: 10 }, timeout: '60s', ...rest }, (_, ctx) => {
    started(ctx)
    return handler(ctx)
  })
/** What one of these does befalls all jobs that its worker runs at the time, so they have workers of their own. */
const ROUGH = { queue: 'rough' }

/** Hears nothing of its time limit. */
export const deaf = bad('deaf', () => sleep(60_000), { timeout: '500ms' })

/** Keeps the event loop of its worker busy for 10 s. */
export const blocking = bad(
  'blocking',
  () => {
    for (const end = performance.now() + 10_000; performance.now() < end; );
  },
  ROUGH,
)

/** Takes memory until there is none. */
export const leaking = bad(
  'leaking',
  async (ctx) => {
    const leak: unknown[] = []
    while (!ctx.signal.aborted) {
      for (let i = 0; i < 100_000; i++) leak.push({ at: `${i} ${Math.random()}` })
      await sleep(1)
    }
  },
  ROUGH,
)

/** Is killed together with its worker, as by the operating system when memory runs out: nothing in the process hears of it. */
export const poison = bad('poison', () => process.kill(process.pid, 'SIGKILL'), ROUGH)

/** Ends the process in which it runs. */
export const exiting = bad('exiting', () => process.exit(7))

/** Throws where its promise does not hear of it. */
export const astray = bad('astray', async (ctx) => {
  setTimeout(() => {
    throw new Error('astray')
  }, 10)
  await sleep(60_000, undefined, { signal: ctx.signal })
})
