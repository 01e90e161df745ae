const MiB = 1024 * 1024

/** How large a workflow may be. Sizes in bytes of UTF-8; payloads are measured as JSON, aliases and references expanded. */
export interface Limits {
  /** Jobs in one workflow, or in one call of `spawn`. */
  readonly maxJobs: number
  /** The text of a workflow file. A megabyte of YAML takes about half a second to read; JSON is far quicker. */
  readonly maxTextBytes: number
  /** `with` and `foreach` of one job, and all `inputs` together. */
  readonly maxPayloadBytes: number
  /** The whole definition. Stops what is small as text and huge in memory: aliases, and inputs used in many jobs. */
  readonly maxWorkflowBytes: number
  /** Lists and objects inside each other. Redis reads JSON with Lua, which gives up at 1,000. */
  readonly maxDepth: number
}

export const DEFAULT_LIMITS: Limits = {
  maxJobs: 10_000,
  maxTextBytes: 8 * MiB,
  maxPayloadBytes: MiB,
  maxWorkflowBytes: 64 * MiB,
  maxDepth: 100,
}
