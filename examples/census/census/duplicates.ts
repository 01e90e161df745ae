import type { Measured } from './measure-file.ts'
import type { PathText } from './path-text.ts'

/** Files with the same content. */
interface DuplicateGroup {
  readonly sha256: string
  readonly bytes: number
  /** How many files there are; `paths` names the first of them. */
  readonly files: number
  readonly paths: readonly PathText[]
  /** Bytes that one copy would save. */
  readonly wasted: number
}

export interface Duplicates {
  readonly groups: number
  readonly wasted: number
  /** The groups that waste most. */
  readonly worst: readonly DuplicateGroup[]
}

const WORST = 25
const PATHS_NAMED = 8

/** Groups files by content; empty files are not counted, they waste nothing. */
export function findDuplicates(files: Iterable<Measured>): Duplicates {
  const groups = new Map<string, { bytes: number; files: number; paths: PathText[] }>()
  for (const { path, bytes, sha256 } of files) {
    if (bytes === 0) continue
    const group = groups.get(sha256) ?? { bytes, files: 0, paths: [] }
    group.files++
    if (group.paths.length < PATHS_NAMED) group.paths.push(path)
    groups.set(sha256, group)
  }
  const found = [...groups]
    .filter(([, group]) => group.files > 1)
    .map(([sha256, group]) => ({ sha256, ...group, wasted: group.bytes * (group.files - 1) }))
    .sort((a, b) => b.wasted - a.wasted || (a.sha256 < b.sha256 ? -1 : 1))
  return {
    groups: found.length,
    wasted: found.reduce((sum, { wasted }) => sum + wasted, 0),
    worst: found.slice(0, WORST),
  }
}
