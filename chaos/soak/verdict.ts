/** What one minute of a soak was like. Memory in MB, the median of its samples. */
export interface Minute {
  readonly jobsPerSecond: number
  readonly workerMb: number
  readonly redisMb: number
}

/** While caches fill and the heap finds its size; not looked at. */
const WARM_UP_MINUTES = 2
/** Below this it is too short to tell growth from noise. */
export const LEAST_MINUTES = 4
/** The heap's size moves by about this much from minute to minute without growing: a tenth, and at least 20 MB. */
const NOISE = { share: 0.1, leastMb: 20 }
/** A minute with less than this share of the median's jobs is a hole. */
const STEADY_SHARE = 0.5

/**
 * What is wrong with a soak: memory that grows after the first two minutes by more than noise, or minutes in which
 * little was done. Pure. Of one that is too short only the second is judged.
 */
export function findGrowth(minutes: readonly Minute[]): string[] {
  const usual = median(minutes.map(({ jobsPerSecond }) => jobsPerSecond))
  const holes = minutes.flatMap(({ jobsPerSecond }, index) =>
    jobsPerSecond < usual * STEADY_SHARE
      ? [`minute ${index + 1} had ${jobsPerSecond.toFixed(0)} jobs/s, usual are ${usual.toFixed(0)}`]
      : [],
  )
  if (minutes.length < LEAST_MINUTES) return holes
  const settled = minutes.slice(WARM_UP_MINUTES)
  const grows = (['workerMb', 'redisMb'] as const).flatMap((what) => {
    const first = (settled[0] as Minute)[what]
    const last = (settled.at(-1) as Minute)[what]
    const noise = Math.max(NOISE.leastMb, first * NOISE.share)
    return last - first > noise
      ? [
          `${what} grew from ${first.toFixed(0)} to ${last.toFixed(0)} after the first two minutes; noise is ${noise.toFixed(0)}`,
        ]
      : []
  })
  return [...holes, ...grows]
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
