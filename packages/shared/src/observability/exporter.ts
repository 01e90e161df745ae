import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readPoolFacts } from './pool-facts.ts'
import { poolSamples } from './pool-samples.ts'
import type { SampleSource, Samples } from './samples.ts'

/** Scrapes closer together than this get the same answer, however many scrapers there are. */
const FRESH_MS = 1_000

/**
 * The series of the pool as a whole. One process of a pool serves them: the same numbers from every worker would only be added
 * up wrongly. When Redis does not answer, `millrace_redis_up` is 0 and the others are absent, so that no old number passes for a
 * new one.
 */
export function poolExporter(client: Redis, keys: PoolKeys, now: () => number = () => performance.now()): SampleSource {
  let reading: Promise<Samples> | undefined
  let readMonoMs = Number.NEGATIVE_INFINITY

  async function read(): Promise<Samples> {
    const beganMonoMs = performance.now()
    try {
      if (client.status !== 'ready') return { redisUp: [{ labels: {}, value: 0 }] }
      const samples = poolSamples(await readPoolFacts(client, keys))
      return { ...samples, scrapeSeconds: [{ labels: {}, value: (performance.now() - beganMonoMs) / 1_000 }] }
    } catch {
      return { redisUp: [{ labels: {}, value: 0 }] }
    }
  }

  return () => {
    if (!reading || now() - readMonoMs > FRESH_MS) {
      readMonoMs = now()
      reading = read()
    }
    return reading
  }
}
