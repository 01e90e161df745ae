import type { ErrorCode } from '../errors/catalogue.ts'

/** One thing wrong with a workflow. All of them are reported together, nothing is written before all are mended. */
export interface Issue {
  readonly code: ErrorCode
  /** What was expected, what was received, what to do. One sentence or two. */
  readonly message: string
  /** Where in the definition, e.g. `['jobs', 'parse', 'needs', 0]`. */
  readonly path: readonly (string | number)[]
  /** Position in the source text, counted from 1; absent for library objects. */
  readonly line?: number
  readonly column?: number
}
