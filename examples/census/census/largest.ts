import type { Measured } from './measure-file.ts'

/** How many files have a size of at least `from` and less than `to` bytes; `to` is absent for the last class. */
export interface SizeClass {
  readonly from: number
  readonly to: number | null
  readonly files: number
}

const KIB = 1_024
const BOUNDS = [0, 1, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, KIB * KIB, 16 * KIB * KIB] as const
const LARGEST = 20

/** The largest files, and how sizes are distributed. */
export function findLargest(files: Iterable<Measured>): { largest: Measured[]; sizes: SizeClass[] } {
  let largest: Measured[] = []
  const counts = BOUNDS.map(() => 0)
  for (const file of files) {
    const at = BOUNDS.findLastIndex((from) => file.bytes >= from)
    counts[at] = (counts[at] ?? 0) + 1
    if (largest.length === LARGEST && file.bytes <= (largest.at(-1)?.bytes ?? 0)) continue
    largest = [...largest, file].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, LARGEST)
  }
  const sizes = BOUNDS.map((from, index) => ({ from, to: BOUNDS[index + 1] ?? null, files: counts[index] ?? 0 }))
  return { largest, sizes }
}
