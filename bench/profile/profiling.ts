import type { Redis } from 'ioredis'
import type { Report } from '../workers/tally.ts'
import { startProfile } from './cpu.ts'
import { type ScriptTime, watchScripts } from './scripts.ts'

/** Where the time of one measured part went. Self times in ms, by package and by `<package> <function>`. */
export interface Profiled {
  /** The process that submits. */
  readonly producer: Readonly<Record<string, number>>
  /** All workers together. */
  readonly workers: Readonly<Record<string, number>>
  readonly scripts: readonly ScriptTime[]
}

/** Looks into every process and into Redis while something is measured. */
export interface Profiling {
  begin(): Promise<void>
  end(reports: readonly Report[]): Promise<void>
  readonly found: readonly Profiled[]
}

export function createProfiling(redis: Redis): Profiling {
  const found: Profiled[] = []
  let producer: Awaited<ReturnType<typeof startProfile>> | undefined
  let scripts: Awaited<ReturnType<typeof watchScripts>> | undefined
  return {
    found,
    async begin() {
      scripts = await watchScripts(redis)
      producer = await startProfile()
    },
    async end(reports) {
      if (!producer || !scripts) throw new Error('the profile was not begun')
      const own = await producer.stop()
      found.push({
        producer: own,
        workers: sum(reports.map(({ profile = {} }) => profile)),
        scripts: await scripts.stop(),
      })
    },
  }
}

function sum(times: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of times) for (const [key, ms] of Object.entries(one)) total[key] = (total[key] ?? 0) + ms
  return total
}
