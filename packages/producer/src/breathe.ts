/**
 * Gives a function to await before a piece of work: so many pass at once, then the event loop does everything else it has, and the
 * next ones pass. Who submits 10,000 workflows at once does not keep his process busy with nothing else until the last is planned; and
 * the broker works on the first while the next are planned.
 */
export function breather(perTurn: number): () => Promise<void> | undefined {
  let passed = 0
  let scheduled = false
  let waiting: (() => void)[] = []
  let begun = 0 // of those that wait

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(next)
  }

  function next(): void {
    scheduled = false
    const released = waiting.slice(begun, begun + perTurn)
    passed = released.length
    begun += passed
    if (begun === waiting.length) [waiting, begun] = [[], 0]
    if (passed > 0) schedule()
    for (const release of released) release()
  }

  return () => {
    schedule()
    if (passed < perTurn && waiting.length === 0) {
      passed++
      return undefined
    }
    return new Promise((resolve) => {
      waiting.push(resolve)
    })
  }
}
