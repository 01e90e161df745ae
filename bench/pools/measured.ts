import type { Room } from '../runner/room.ts'
import type { Report } from '../workers/tally.ts'
import { type Pool, reports, untilCompleted, verify } from './pool.ts'

/** What a measured part gave, and what the workers saw meanwhile. */
export interface Measured<T> {
  readonly value: T
  readonly reports: readonly Report[]
}

/** Runs the part that is measured: workers count from its beginning, and a profile covers it and nothing else. */
export async function measured<T>(room: Room, pool: Pool, part: () => Promise<T>): Promise<Measured<T>> {
  await Promise.all(pool.workers.map((worker) => worker.begin(room.profiling?.folder)))
  await room.profiling?.begin()
  const value = await part()
  const seen = await reports(pool)
  await room.profiling?.end(seen)
  return { value, reports: seen }
}

export interface Drained {
  readonly jobs: number
  readonly fillMs: number
  readonly drainMs: number
  /** Of all workers together. */
  readonly workerCpuMs: number
  readonly redisCpuMs: number
}

/**
 * Fills a paused queue, then lets the workers empty it: first a smaller one to warm up, then the one that counts.
 *
 * @param fill submits jobs and gives their number. Called with `warm` and `full`.
 * @throws Error when a job is lost or runs twice.
 */
export async function fillAndDrain(
  room: Room,
  pool: Pool,
  fill: (size: number) => Promise<number>,
  { warm, full }: { warm: number; full: number },
): Promise<Drained> {
  await pool.pause()
  const warmed = await fill(warm)
  await pool.resume()
  await untilCompleted(pool, warmed)

  await pool.pause()
  const { value, reports } = await measured(room, pool, async () => {
    const beganMs = performance.now()
    const jobs = await fill(full)
    const fillMs = performance.now() - beganMs
    const redisBefore = await redisCpuMs(room)
    const resumedMs = performance.now()
    await pool.resume()
    const drainMs = (await untilCompleted(pool, warmed + jobs)) - resumedMs
    return { jobs, fillMs, drainMs, redisCpuMs: (await redisCpuMs(room)) - redisBefore }
  })
  await verify(pool, value.jobs, warmed, reports)
  return { ...value, workerCpuMs: reports.reduce((sum, { cpuMs }) => sum + cpuMs, 0) }
}

/** Jobs per second. */
export const rate = (jobs: number, ms: number): number => jobs / (ms / 1_000)

/** CPU time that Redis has used since it started, user and system. */
async function redisCpuMs({ redis }: Room): Promise<number> {
  const info = await redis.info('cpu')
  const seconds = (name: string) => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? Number.NaN)
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1_000
}
