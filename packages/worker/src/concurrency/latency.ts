/** How long attempts take, by task, compared with how long they took before. */
export interface Latency {
  succeeded(task: string, ms: number): void
  /**
   * The 95th percentile of the attempts since the last look divided by the task's own baseline; over several tasks the
   * mean, each weighing as many attempts as it had. Nothing when no task had enough.
   */
  look(): number | undefined
}

interface Track {
  samples: number[]
  /** Looks that the samples have been collected for. */
  looks: number
  baselineMs: number | undefined
}

/** A 95th percentile of fewer says little. */
const ENOUGH = 20
/** Beyond that, later ones replace earlier ones. */
const MOST = 512
/** A task that is seldom run is judged by what it did within so many looks, or not at all. */
const LOOKS = 30
/** Tasks beyond that are not watched: nobody has as many, and names come from outside. */
const MOST_TASKS = 200
/** The baseline follows what is faster at once and what is slower over minutes: a slow hour becomes the usual one. */
const FASTER = 0.3
const SLOWER = 0.01
/** Differences among very short attempts are noise. */
const LEAST_MS = 5

export function trackLatency(): Latency {
  const tracks = new Map<string, Track>()

  function judge(track: Track): { ratio: number; weight: number } | undefined {
    track.looks++
    const { samples, baselineMs } = track
    if (samples.length < ENOUGH) {
      if (track.looks >= LOOKS) Object.assign(track, { samples: [], looks: 0 })
      return undefined
    }
    const p95 = Math.max(LEAST_MS, percentile95(samples))
    const baseline = baselineMs ?? p95
    track.baselineMs = baseline + (p95 - baseline) * (p95 < baseline ? FASTER : SLOWER)
    Object.assign(track, { samples: [], looks: 0 })
    return { ratio: p95 / baseline, weight: samples.length }
  }

  return {
    succeeded(task, ms) {
      let track = tracks.get(task)
      if (!track) {
        if (tracks.size >= MOST_TASKS) return
        track = { samples: [], looks: 0, baselineMs: undefined }
        tracks.set(task, track)
      }
      if (track.samples.length < MOST) track.samples.push(ms)
      else track.samples[Math.floor(ms) % MOST] = ms
    },
    look() {
      const judged = [...tracks.values()].map(judge).filter((one) => one !== undefined)
      const weight = judged.reduce((sum, one) => sum + one.weight, 0)
      if (weight === 0) return undefined
      return judged.reduce((sum, one) => sum + one.ratio * one.weight, 0) / weight
    },
  }
}

function percentile95(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] as number
}
