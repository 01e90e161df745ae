import type { JobState, Trigger } from '../states.ts'
import { renderDot } from './render-dot.ts'
import { renderMermaid } from './render-mermaid.ts'

/** A job as a picture needs it: of a plan, or, with its state, of a workflow that runs. */
export interface GraphJob {
  readonly name: string
  readonly needs: readonly string[]
  readonly when?: Trigger
  readonly state?: JobState
  readonly task?: string
}

export const GRAPH_FORMATS = ['mermaid', 'dot'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

const RENDER = { mermaid: renderMermaid, dot: renderDot } satisfies Record<
  GraphFormat,
  (jobs: readonly GraphJob[], path: readonly string[]) => string
>

/**
 * Draws jobs as text for Mermaid or Graphviz: an arrow from each need to the job that needs it, dashed and labelled when
 * the job runs on another end than success, and coloured by state. The jobs of `path`, first to last, are drawn thick. A need that is not in `jobs` is drawn as a bare name.
 */
export function renderGraph(jobs: readonly GraphJob[], format: GraphFormat, path: readonly string[] = []): string {
  return RENDER[format](jobs, path)
}
