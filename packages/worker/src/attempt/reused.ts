import type { Json } from '@millrace/shared'

/** What stands for a handler's result when the output of an earlier job is used instead; it was checked then. */
export class Reused {
  readonly output: Json

  constructor(output: Json) {
    this.output = output
  }
}
