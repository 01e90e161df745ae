import type { Panel } from './panels/panel.ts'

/** What a dashboard can be narrowed down by, besides the source of the data and the pool. */
export type Choice = 'queue' | 'task' | 'resource'

export interface Row {
  readonly title: string
  /** Of its panels, in units of 30 pixels. */
  readonly height: number
  readonly panels: readonly Panel[]
}

export interface Board {
  /** The end of its address, and the name of its file. */
  readonly name: string
  readonly title: string
  readonly help: string
  readonly choices: readonly Choice[]
  readonly rows: readonly Row[]
}
