import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { note } from '../history/file.ts'

type Context = Parameters<Parameters<typeof defineTask>[1]>[1]

const started = (ctx: Context) => {
  const entry = { kind: 'started', job: ctx.job.id, token: ctx.fencingToken, pid: process.pid, at: Date.now() } as const
  note(process.env['CHAOS_HISTORY'] as string, { ...entry, saw: {} })
}
type Rest = Partial<Omit<Parameters<typeof defineTask>[0], 'input' | 'output'>>
const bad = (name: string, handler: (ctx: Context) => unknown, rest: Rest = {}) =>
  defineTask({ name: `bad.${name}`, retry: { attempts: 2, delay: 10 }, timeout: '60s', ...rest }, (_, ctx) => {
    started(ctx)
    return handler(ctx)
  })

/** Hears nothing of its time limit. */
export const deaf = bad('deaf', () => sleep(60_000), { timeout: '500ms' })

/** Ends the process in which it runs. */
export const exiting = bad('exiting', () => process.exit(7))

/** Throws where its promise does not hear of it. */
export const astray = bad('astray', async (ctx) => {
  setTimeout(() => {
    throw new Error('astray')
  }, 10)
  await sleep(60_000, undefined, { signal: ctx.signal })
})

/** Keeps the event loop busy for 10 s. */
function block(): void {
  for (const end = performance.now() + 10_000; performance.now() < end; );
}

/** Takes memory until there is none. */
async function leak({ signal }: Context): Promise<void> {
  const kept: unknown[] = []
  while (!signal.aborted) {
    for (let i = 0; i < 100_000; i++) kept.push({ at: `${i} ${Math.random()}` })
    await sleep(1)
  }
}

/** Is killed together with its process, as by the operating system: nothing in the process hears of it. */
const die = () => process.kill(process.pid, 'SIGKILL')

/** What one of these does befalls all jobs that its worker runs at the time, so they have workers of their own … */
const ROUGH = { queue: 'rough' }
export const rough = [bad('blocking', block, ROUGH), bad('leaking', leak, ROUGH), bad('dying', die, ROUGH)]

/** … or a process of their own for each attempt. */
const APART = { isolate: { blockedAfter: '1s' }, memory: '64mb' } as const
export const apart = [
  ...[bad('apart.blocking', block, APART), bad('apart.leaking', leak, APART), bad('apart.dying', die, APART)],
  bad('apart.exiting', () => process.exit(7), APART),
]
