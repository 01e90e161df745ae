import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { scriptFile } from '@millrace/shared/testing'
import type { Redis } from 'ioredis'

/** What one script cost Redis, from a sample of its calls. */
export interface ScriptTime {
  readonly name: string
  /** Calls in the sample. */
  readonly calls: number
  readonly usPerCall: number
}

/** No script is that quick, and few of the commands inside one are as slow: they would fill the log. */
const AT_LEAST_US = 15
const LOG_LENGTH = 128
const LOOK_EVERY_MS = 50

const shipped = createRequire(import.meta.url)('bullmq/dist/cjs/scripts/index.js') as Record<
  string,
  { name: string; content: string }
>
const nameOf = new Map(
  Object.values(shipped).map(({ name, content }) => [createHash('sha1').update(content).digest('hex'), name]),
)

/**
 * Takes samples of Redis' slow log until it is stopped: which scripts ran, and how long. `INFO commandstats` would add
 * all scripts up.
 */
export async function watchScripts(redis: Redis) {
  const seen = new Map<string, { calls: number; us: number }>()
  await redis.config('SET', 'slowlog-max-len', LOG_LENGTH)
  await redis.config('SET', 'slowlog-log-slower-than', AT_LEAST_US)
  const look = async () => {
    const entries = (await redis.slowlog('GET', LOG_LENGTH)) as [id: number, at: number, us: number, args: string[]][]
    await redis.slowlog('RESET')
    for (const [, , us, [command = '', sha = '']] of entries) {
      if (command.toLowerCase() !== 'evalsha') continue
      const name = scriptFile(sha) ?? nameOf.get(sha) ?? sha.slice(0, 8)
      const { calls, us: total } = seen.get(name) ?? { calls: 0, us: 0 }
      seen.set(name, { calls: calls + 1, us: total + us })
    }
  }
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS)
  return {
    async stop(): Promise<ScriptTime[]> {
      clearInterval(timer)
      await look()
      await redis.config('SET', 'slowlog-log-slower-than', 10_000)
      return [...seen]
        .map(([name, { calls, us }]) => ({ name, calls, usPerCall: us / calls }))
        .sort((a, b) => b.calls * b.usPerCall - a.calls * a.usPerCall)
    },
  }
}
