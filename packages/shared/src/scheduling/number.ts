import type { Level } from '../workflow/states.ts'

/**
 * The number that BullMQ orders a queue by, lower first, and everything it is made of:
 *
 *     number = offset(level) + place − boost + floor((turn − epoch) / quantum)
 *
 * `turn` is the time of submission, ms, or later when the tenant has much in line; `place` is the job's position in its
 * workflow; `boost` is what the workflow's weights are worth. The number is fixed when the job is submitted and kept in
 * its hash. All jobs gain the same by waiting, so the order of two never changes and nothing is ever sorted again.
 */

/**
 * A quantum of waiting, in ms. BullMQ has 2,097,151 numbers: at 100 ms they last for 58 hours, of which the offsets take
 * 18 and the history 24. Finer, and they would have to be re-based every hour; coarser, and jobs of one workflow,
 * which are one number apart, would lie minutes apart.
 */
export const QUANTUM_MS = 100

const HOUR_MS = 3_600_000

/**
 * How much later a job of a higher level may be submitted and still run first: the difference of two offsets, in ms.
 * People notice within the hour that what they called high waits behind normal work, so the first steps are an hour; low
 * work is done within the same day, background work by the next morning. No step may be shorter than what boosts and
 * the places in one workflow make up together, or they would reach into the next level.
 */
export const OFFSET_MS: Readonly<Record<Level, number>> = {
  critical: 0,
  high: HOUR_MS,
  normal: 2 * HOUR_MS,
  low: 6 * HOUR_MS,
  background: 18 * HOUR_MS,
}

/** A job takes so much of its tenant's line, in ms: 100,000 waiting jobs reach 42 minutes ahead, less than any step. */
export const TURN_MS = 25

/** The most that weights are worth: as if submitted so much earlier, in ms. */
export const MAX_BOOST_MS = 50_000

/** The most that a workflow gains by being late: as if submitted so much earlier, in ms. */
export const MAX_LATE_MS = 600_000

/** Numbers below the most urgent level, for boosts: 0 would run before every queue, and below 1 there is nothing. */
const ROOM_MS = 1_000_000

/** How far back the order is kept exactly by re-basing, in ms. What has waited longer shares the front. */
export const HISTORY_MS = 24 * HOUR_MS

/** The epoch moves when it is so old, in ms: every six hours, with eight hours left before the numbers end. */
export const REBASE_AFTER_MS = HISTORY_MS + 6 * HOUR_MS

/** The part of a job's number that its level gives. */
export const offsetOf = (level: Level): number => (ROOM_MS + OFFSET_MS[level]) / QUANTUM_MS
