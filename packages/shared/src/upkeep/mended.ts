import type { Mended } from './reconcile.ts'
import type { Swept } from './sweep.ts'

/** Reasons for which the pool counts what was finished or mended for others; the rest of a sweep is routine. */
export const MENDED = [
  // by the sweeper: somebody died in the midst of it
  ...(['residue', 'cancels', 'late', 'replays', 'resumed', 'loading'] as const),
  // by the reconciler: something else than Millrace changed a queue
  ...(['listed', 'vanished', 'undecided'] as const),
] as const satisfies readonly (keyof Swept | keyof Mended)[]
