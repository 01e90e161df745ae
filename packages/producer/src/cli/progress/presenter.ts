import type { WorkflowEvent } from '@millrace/shared'

/** Shows the events of one workflow as they come. */
export interface Presenter {
  show(event: WorkflowEvent): void
  /** Called once, after the last event or when watching was interrupted. */
  end(): void
}
