/** One queue of a worker, as its slots are divided. */
export interface QueueDemand {
  /** Jobs of it that run now. */
  readonly active: number
  /** Whether its last look found a job: it would take more if it might. */
  readonly hungry: boolean
}

/**
 * How many jobs each queue may run at once. An idle queue keeps one slot ready, so that its next job does not wait for
 * the long ones of another; the rest goes evenly to the hungry ones, and only as far as it is free.
 *
 * @returns one number per queue, at least 1. Their sum is at most `limit`, or what runs already, or one per queue.
 */
export function divideSlots(limit: number, queues: readonly QueueDemand[]): number[] {
  const shares = queues.map(({ active }) => Math.max(1, active))
  let free = limit - shares.reduce((sum, share) => sum + share, 0)
  for (; free > 0; free--) {
    const poorest = least(shares, queues)
    if (poorest === undefined) break
    shares[poorest] = (shares[poorest] as number) + 1
  }
  return shares // with nothing free, a job that ends makes room: its queue does not fetch the next
}

function least(shares: readonly number[], queues: readonly QueueDemand[]): number | undefined {
  let poorest: number | undefined
  for (const [index, { hungry }] of queues.entries()) {
    if (!hungry) continue
    if (poorest === undefined || (shares[index] as number) < (shares[poorest] as number)) poorest = index
  }
  return poorest
}
