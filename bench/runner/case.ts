import type { Room } from './room.ts'

/** What must hold: of the ratio ours / raw, or of our own figure. */
export type Target =
  | { readonly of: 'ratio'; readonly atLeast: number }
  | { readonly of: 'ratio'; readonly atMost: number }
  | { readonly of: 'ours'; readonly atLeast: number }
  | { readonly of: 'ours'; readonly atMost: number }

/** One line of the table. */
export interface RowSpec {
  readonly what: string
  readonly unit: 'jobs/s' | 'µs/job' | 'ms' | 's' | 'B' | '×'
  readonly target?: Target
}

/** What one run of one side gives: a figure for every row. */
type Sample<Row extends string> = Readonly<Record<Row, number>>

/**
 * One benchmark: its two sides do the same work in the same layout of processes, and check that it was done.
 *
 * A side throws when a job was lost or run twice, and ends everything it has started.
 */
export interface Case<Row extends string = string> {
  readonly name: string
  /** One sentence. */
  readonly measures: string
  readonly rows: Readonly<Record<Row, RowSpec>>
  ours(room: Room): Promise<Sample<Row>>
  raw(room: Room): Promise<Sample<Row>>
  /** Both sides at once: most of the time nothing happens but waiting. */
  readonly together?: true
}

/** Gives the case back; the rows of its samples are checked against its own. */
export const defineCase = <const Row extends string>(one: Case<Row>): Case => one as unknown as Case
