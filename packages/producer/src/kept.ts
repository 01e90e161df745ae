/** An answer that is asked for again only when it is older than `keptMs`. */
export interface Kept<T> {
  get(): Promise<T>
  /** Asks anew, whatever is kept. */
  fresh(): Promise<T>
}

/**
 * Keeps what the pool says of itself for a while: a producer that submits a thousand workflows a second must not ask every
 * time. A question that failed is not kept.
 */
export function keep<T>(ask: () => Promise<T>, keptMs: number, now: () => number = () => performance.now()): Kept<T> {
  let asked: Promise<T> | undefined
  let until = 0
  function fresh(): Promise<T> {
    until = now() + keptMs
    const question = ask().catch((error: unknown) => {
      if (asked === question) asked = undefined
      throw error
    })
    asked = question
    return question
  }
  return { get: () => (asked && now() < until ? asked : fresh()), fresh }
}
