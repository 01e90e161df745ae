import type { Redis } from 'ioredis'
import type { Profiling } from '../profile/profiling.ts'

/** What a benchmark is given: a Redis that is empty, and how large it is to be. */
export interface Room {
  readonly url: string
  /** For counting and looking; not what is measured. */
  readonly redis: Redis
  /** Picks a size: the first for a run that counts, the second to see that everything works. */
  size(full: number, quick: number): number
  /** Only in a run that looks where the time goes. */
  readonly profiling: Profiling | undefined
}
