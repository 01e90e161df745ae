import { type Issue, MillraceError } from '@millrace/shared'
import type { Source } from './source.ts'

/** A workflow was refused: carries the text, so that the problems can be shown where they are. */
export class Refusal extends MillraceError {
  readonly source: Source

  constructor(source: Source, issues: readonly Issue[]) {
    const [first] = issues
    super(first?.code ?? 'MILLRACE_WORKFLOW_SHAPE', first?.message ?? 'The workflow was refused.', { issues })
    this.source = source
  }
}

/** Passes on what `submit` gives; when it refuses the workflow, adds the text that the issues point into. */
export async function withSource<T>(source: Source, submit: () => Promise<T>): Promise<T> {
  try {
    return await submit()
  } catch (error) {
    if (error instanceof MillraceError && error.issues.length > 0) throw new Refusal(source, error.issues)
    throw error
  }
}
