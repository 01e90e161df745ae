/** One task of a recorded workflow: what it needed and how long it took. */
export interface TraceJob {
  readonly id: string
  readonly needs: readonly string[]
  readonly seconds: number
}

/** A workflow as it once ran. Its jobs form a DAG. */
export interface Trace {
  readonly name: string
  readonly jobs: readonly TraceJob[]
}
