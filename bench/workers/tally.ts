// What the processes of both sides count, and how the process that started them asks for it.
import { startProfile } from '../profile/cpu.ts'
import type { SelfTime } from '../profile/self-time.ts'

/** Milliseconds of the machine's monotonic clock: the same in every process of this machine. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** What a worker process has seen since it was last asked to begin. */
export interface Report {
  readonly runs: number
  /** CPU time of the process, user and system. */
  readonly cpuMs: number
  /** Milliseconds, by what was measured. */
  readonly samples: Readonly<Record<string, readonly number[]>>
  /** Only when a profile was asked for. */
  readonly profile?: readonly SelfTime[]
}

/** `profileTo`: the folder for a profile, if there is to be one. */
export type Question = { readonly kind: 'begin'; readonly profileTo: string | undefined } | { readonly kind: 'report' }

let runs = 0
let samples: Record<string, number[]> = {}
let cpuSince = process.cpuUsage()
let profile: Awaited<ReturnType<typeof startProfile>> | undefined

/** Counts one run of a handler. */
export function countRun(): void {
  runs++
}

export function addSample(name: string, ms: number): void {
  samples[name] ??= []
  samples[name].push(ms)
}

async function answer(question: Question): Promise<void> {
  if (question.kind === 'begin') {
    runs = 0
    samples = {}
    profile = question.profileTo ? await startProfile(question.profileTo, 'worker') : undefined
    cpuSince = process.cpuUsage()
    process.send?.({ runs, cpuMs: 0, samples } satisfies Report)
    return
  }
  const { user, system } = process.cpuUsage(cpuSince)
  const seen: Report = { runs, cpuMs: (user + system) / 1_000, samples }
  process.send?.(profile ? { ...seen, profile: await profile.stop() } : seen)
}

if (process.send) {
  process.on('message', (question: Question) => void answer(question))
  process.on('disconnect', () => process.exit(1)) // whoever measures is gone
}
