/** The part of V8's profile that is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[] | undefined
  /** Microseconds since the sample before. */
  readonly timeDeltas?: readonly number[] | undefined
}

/** Frames of V8 in which no code runs. */
const NOT_WORK = new Set(['(idle)', '(root)'])
/** The profiler's own work. */
const PROFILER = 'node:inspector'

/** Milliseconds in which a package, or a function of it, itself had the processor. */
export interface SelfTime {
  readonly where: string
  /** `undefined`: the package as a whole. */
  readonly functionName: string | undefined
  readonly ms: number
}

/** Self times by package (`ioredis`, `bullmq`, `node`, `@millrace/shared`, …) and by function; without idle time. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times: SelfTime[] = []
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (!frame || NOT_WORK.has(frame.functionName) || frame.url.startsWith(PROFILER)) continue
    const ms = (timeDeltas[index] ?? 0) / 1_000
    const where = packageOf(frame)
    times.push({ where, functionName: undefined, ms })
    if (where !== frame.functionName) times.push({ where, functionName: frame.functionName || '(anonymous)', ms })
  }
  return addUp(times)
}

/** Adds up what belongs to the same function or package; the longest first. */
export function addUp(times: readonly SelfTime[]): SelfTime[] {
  const sums = new Map<string, SelfTime>()
  for (const time of times) {
    const key = `${time.where}\n${time.functionName ?? ''}`
    sums.set(key, { ...time, ms: time.ms + (sums.get(key)?.ms ?? 0) })
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms)
}

/** The package that a function belongs to. */
function packageOf({ url, functionName }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)'
  if (url.startsWith('node:')) return 'node'
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (installed) return installed
  const ours = /\/packages\/([^/]+)\//.exec(url)?.[1]
  if (ours) return `@millrace/${ours}`
  return url.includes('/bench/') ? 'bench' : 'other'
}
