import { divideSlots } from './divide.ts'

/** What the slots need of one queue's BullMQ worker. */
interface QueueHands {
  /** Live: it takes no more than so many jobs at once. */
  concurrency: number
  pause(doNotWaitActive: boolean): Promise<void>
  resume(): Promise<void>
  isPaused(): boolean
  /** Makes it look at its concurrency now, and not only when its next job has ended. */
  wake(): void
  on(event: 'drained' | 'active', listener: () => void): unknown
}

/** The slots of a process: how many jobs it runs at once, over all its queues. */
export interface Slots {
  readonly limit: number
  /** False while nothing more is taken. */
  readonly taking: boolean
  set(limit: number, taking: boolean): void
  /** What a queue does with a job, so that the slots know what runs. One queue alone has nobody to share with: as it is. */
  share<Args extends unknown[], T>(queue: number, process: (...args: Args) => Promise<T>): (...args: Args) => Promise<T>
  /** The queues, in the order of `share`; until then nothing is shared. */
  open(queues: readonly QueueHands[]): void
  /** From now on nothing changes any more, and a queue that takes nothing is an ordinary one again: for the drain. */
  close(): void
}

/** @param queues how many share the slots. */
export function createSlots(first: number, queues = 1): Slots {
  let limit = first
  let taking = true
  let open = true
  let hands: readonly QueueHands[] = []
  const active: number[] = []
  const hungry: boolean[] = []

  function divide(): void {
    if (!open) return
    const [only] = hands
    const shares =
      hands.length === 1
        ? [limit]
        : divideSlots(
            limit,
            hands.map((_, index) => ({ active: active[index] ?? 0, hungry: hungry[index] ?? false })),
          )
    if (!only) return
    for (const [index, hand] of hands.entries()) {
      const share = shares[index] as number
      const more = share > hand.concurrency
      hand.concurrency = share
      if (more) hand.wake()
    }
  }

  return {
    get limit() {
      return limit
    },
    get taking() {
      return taking
    },
    set(to, take) {
      if (!open) return
      const changed = take !== taking
      limit = to
      taking = take
      divide()
      if (changed) for (const hand of hands) void (take ? hand.resume() : hand.pause(true))
    },
    share(queue, process) {
      if (queues === 1) return process
      active[queue] = 0
      return async (...args) => {
        active[queue] = (active[queue] ?? 0) + 1
        try {
          return await process(...args)
        } finally {
          active[queue] = (active[queue] ?? 1) - 1
          divide()
        }
      }
    },
    open(opened) {
      hands = opened
      for (const [index, hand] of opened.entries()) {
        if (queues === 1) break
        hand.on('drained', () => {
          hungry[index] = false
          divide()
        })
        hand.on('active', () => {
          hungry[index] = true
          divide()
        })
      }
      divide()
    },
    close() {
      if (!open) return
      open = false
      if (!taking) for (const hand of hands) if (hand.isPaused()) void hand.resume()
    },
  }
}
