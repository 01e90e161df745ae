import type { Planning, PlanOptions, WorkflowDefinition } from '../../src/index.ts'
import { readWorkflow as readWith } from '../../src/workflow/plan-workflow.ts'
import { loadReaders } from '../../src/workflow/readers.ts'

const readers = await loadReaders()

/** Plans a workflow at once, for laws that are checked a thousand times. */
export const readWorkflow = (source: string | WorkflowDefinition, options?: PlanOptions): Planning =>
  readWith(readers, source, options)
