/**
 * Moves points as little as possible (least squares) so that each is at least `gap` behind the one before.
 *
 * Subtracting the gaps makes it isotonic regression, which pooling adjacent violators solves exactly: Ayer et al. 1955, "An
 * empirical distribution function for sampling with incomplete information", Ann. Math. Stat. 26(4).
 *
 * @param wanted where each point would like to be, in the order in which they will stand.
 * @param gaps how far each must be from the one before; the first is not looked at.
 *
 * Cost: O(points).
 */
export function spread(wanted: readonly number[], gaps: readonly number[]): number[] {
  const offsets: number[] = []
  let offset = 0
  for (const index of wanted.keys()) {
    if (index > 0) offset += gaps[index] as number
    offsets.push(offset)
  }
  const pools: { sum: number; count: number }[] = []
  for (const [index, value] of wanted.entries()) {
    let pool = { sum: value - (offsets[index] as number), count: 1 }
    for (let last = pools.at(-1); last && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop()
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count }
    }
    pools.push(pool)
  }
  const free = pools.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count))
  return free.map((value, index) => value + (offsets[index] as number))
}
