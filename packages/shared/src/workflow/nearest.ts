/** Comparisons after which no more suggestions are made, so that thousands of wrong names stay cheap (about 0.2 s). */
const MAX_COMPARISONS = 100_000
const MAX_LENGTH = 100

/**
 * Returns a function that finds the known name a person may have meant: the one fewest edits away, the first of equals.
 * It answers `undefined` when none is near: at most one edit for two to four letters, two up to eight, else three; the
 * case of letters does not count.
 */
export function nearestOf(known: Iterable<string>): (name: string) => string | undefined {
  const candidates = [...known]
  let left = MAX_COMPARISONS
  return (name) => {
    if (name.length > MAX_LENGTH || left < candidates.length) return undefined
    left -= candidates.length
    let limit = name.length <= 1 ? 0 : name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3
    let best: string | undefined
    for (const candidate of candidates) {
      if (Math.abs(candidate.length - name.length) > limit) continue
      const edits = editDistance(name.toLowerCase(), candidate.toLowerCase())
      if (edits > limit || (best !== undefined && edits === limit)) continue
      best = candidate
      limit = edits
    }
    return best
  }
}

/** ` Did you mean "x"?`, or nothing. */
export const didYouMean = (name: string | undefined): string => (name === undefined ? '' : ` Did you mean "${name}"?`)

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). O(a·b). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      let edits = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
