export interface GroupLimits {
  /** Weight of a group: items, unless they are weighed. A function is asked for every group. */
  readonly maxGroup: number | (() => number)
  /** Groups under way at once. With one, the sender and Redis would take turns; with many, groups would be small. */
  readonly maxInFlight: number
}

export interface GroupCommitOptions<Item, Reply> extends GroupLimits {
  /** Sends a group; replies in the same order. */
  readonly send: (group: readonly Item[]) => Promise<readonly Reply[]>
  /** How much of a group an item takes; default 1. One that is heavier than a whole group goes alone. */
  readonly weigh?: (item: Item) => number
}

/**
 * Gives a function that sends one item, and sends together what comes while others are under way. An item that comes alone
 * is sent at once.
 *
 * Source: group commit of database logs, D. Gawlick and D. Kinkade, "Varieties of Concurrency Control in IMS/VS Fast
 * Path", 1985.
 */
export function groupCommit<Item, Reply>({
  send,
  maxGroup,
  maxInFlight,
  weigh = () => 1,
}: GroupCommitOptions<Item, Reply>) {
  interface Waiting {
    readonly item: Item
    readonly resolve: (reply: Reply) => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let inFlight = 0

  function pump(): void {
    while (waiting.length > 0 && inFlight < maxInFlight) {
      const most = typeof maxGroup === 'number' ? maxGroup : maxGroup()
      let [size, weight] = [0, 0]
      while (size < waiting.length && (size === 0 || weight + weigh((waiting[size] as Waiting).item) <= most)) {
        weight += weigh((waiting[size++] as Waiting).item)
      }
      const group = waiting.slice(0, size)
      waiting = waiting.slice(size)
      inFlight++
      void commit(group)
    }
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const replies = await send(group.map(({ item }) => item))
      for (let index = 0; index < group.length; index++) (group[index] as Waiting).resolve(replies[index] as Reply)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
    inFlight--
    pump()
  }

  return (item: Item): Promise<Reply> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      pump()
    })
}
