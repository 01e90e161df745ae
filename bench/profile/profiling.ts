import type { Redis } from 'ioredis'
import type { Report } from '../workers/tally.ts'
import { startProfile } from './cpu.ts'
import { type ScriptTime, watchScripts } from './scripts.ts'
import { addUp, type SelfTime } from './self-time.ts'

/** Where the time of one measured part went. */
export interface Profiled {
  /** The process that submits. */
  readonly producer: readonly SelfTime[]
  /** All workers together. */
  readonly workers: readonly SelfTime[]
  readonly scripts: readonly ScriptTime[]
}

/** Looks into every process and into Redis while something is measured. */
export interface Profiling {
  /** Where every process leaves its profile. */
  readonly folder: string
  begin(): Promise<void>
  end(reports: readonly Report[]): Promise<void>
  readonly found: readonly Profiled[]
}

export function createProfiling(redis: Redis, folder: string): Profiling {
  const found: Profiled[] = []
  let producer: Awaited<ReturnType<typeof startProfile>> | undefined
  let scripts: Awaited<ReturnType<typeof watchScripts>> | undefined
  return {
    folder,
    found,
    async begin() {
      scripts = await watchScripts(redis)
      producer = await startProfile(folder, 'producer')
    },
    async end(reports) {
      if (!producer || !scripts) throw new Error('the profile was not begun')
      const own = await producer.stop()
      found.push({
        producer: own,
        workers: addUp(reports.flatMap(({ profile = [] }) => profile)),
        scripts: await scripts.stop(),
      })
    },
  }
}
