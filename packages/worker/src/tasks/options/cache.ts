import type { CacheOptions, TaskCache } from '@millrace/shared'
import { type Problems, show } from './problems.ts'
import type { OptionReader } from './reader.ts'

const FIELDS = ['ttl', 'key', 'version', 'entries', 'embed', 'reuse', 'adapt']
const MOST_ENTRIES = 100_000
/** Every lookup reads and compares all of them. */
const MOST_SIMILAR = 1_000

/** Whether outputs are used again, for how long, and for which inputs. */
export const cache: OptionReader<'cache'> = {
  fields: ['cache'],
  read({ cache: declared }, problems) {
    if (declared === undefined) return { cache: undefined }
    if (typeof declared !== 'object' || declared === null) {
      problems.check(false, () => `cache is ${show(declared)}; give an object such as { ttl: "1h" }`)
      return { cache: undefined }
    }
    return { cache: Object.freeze(readCache(declared as CacheOptions<unknown>, problems)) }
  },
}

function readCache(declared: CacheOptions<unknown>, problems: Problems): TaskCache {
  const { ttl, key, version = '', embed, reuse = 0.95, adapt = 0.85 } = declared
  const { entries = embed ? 100 : 1_000 } = declared
  for (const field of Object.keys(declared)) {
    problems.check(FIELDS.includes(field), () => `cache.${field} is no field; there are ${FIELDS.join(', ')}`)
  }
  for (const [field, value] of Object.entries({ key, embed })) {
    problems.check(value === undefined || typeof value === 'function', () => {
      return `cache.${field} is ${show(value)}; give a function`
    })
  }
  problems.check(/^[\w.-]{0,64}$/.test(String(version)), () => {
    return `cache.version is ${show(version)}; use up to 64 letters, digits, "_", "-" or "."`
  })
  for (const [field, value] of Object.entries({ reuse, adapt })) {
    problems.check(typeof value === 'number' && value > 0 && value <= 1, () => {
      return `cache.${field} is ${show(value)}; write a number above 0, up to 1`
    })
  }
  problems.check(!(adapt > reuse), () => `cache.adapt is ${adapt} and cache.reuse ${reuse}; adapt must not be larger`)
  const alone = ['reuse', 'adapt'].filter((field) => field in declared && embed === undefined)
  problems.check(alone.length === 0, () => `cache.${alone.join(' and cache.')} need cache.embed`)
  problems.whole('cache.entries', entries, 1, embed ? MOST_SIMILAR : MOST_ENTRIES)
  return {
    ttlMs: problems.duration('cache.ttl', ttl, 1),
    key,
    version: String(version),
    entries,
    embed,
    reuse,
    adapt,
  }
}
