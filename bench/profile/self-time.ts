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

/** Frames of V8 itself in which no code runs. */
const NOT_WORK = new Set(['(idle)', '(root)'])

/**
 * Self time in milliseconds. Keys are packages (`ioredis`, `bullmq`, `node`, `@millrace/shared`, …), and
 * `<package> <function>` for each function; time in which nothing runs is left out.
 */
export function selfTimeByPackage({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Record<string, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times: Record<string, number> = {}
  const add = (key: string, ms: number) => {
    times[key] = (times[key] ?? 0) + ms
  }
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (!frame || NOT_WORK.has(frame.functionName)) continue
    const ms = (timeDeltas[index] ?? 0) / 1_000
    const name = packageOf(frame.url, frame.functionName)
    add(name, ms)
    add(`${name} ${frame.functionName || '(anonymous)'}`, ms)
  }
  return times
}

/** The package that a source file belongs to. */
export function packageOf(url: string, functionName = ''): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)'
  if (url.startsWith('node:')) return 'node'
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (installed) return installed
  const ours = /\/packages\/([^/]+)\//.exec(url)?.[1]
  if (ours) return `@millrace/${ours}`
  return url.includes('/bench/') ? 'bench' : 'other'
}
