/** What traces are sent with; absent where nobody asked for any. */
export interface TracingSettings {
  readonly exporter: 'otlp' | 'console'
  /** `budget`: nobody said which traces to keep; see trace-budget.ts. `env`: OTEL_TRACES_SAMPLER says. */
  readonly sampler: 'budget' | 'env'
}

/** What is said of an attempt in its span. */
export interface AttemptFacts {
  readonly workflow: string
  readonly workflowName: string
  readonly job: string
  readonly task: string
  readonly queue: string
  readonly attempt: number
  readonly worker: string
  /** What the job brought along: the place of its submission, or of the attempt that spawned it, in a trace. */
  readonly carrier: string | undefined
  /** Need → the span that ended it. */
  readonly spans: Readonly<Record<string, string>> | undefined
}

/** The span of one attempt. */
export interface AttemptTrace {
  readonly traceId: string
  readonly spanId: string
  /** False when the submission was not sampled: then nothing is recorded, and `spanId` is that of the submission. */
  readonly recorded: boolean
  /** For the jobs that it spawns. */
  readonly carrier: string
  /** Runs the handler so that the spans it makes are children of this one. */
  run<T>(handler: () => T): T
  /** A span for one call to the outside. */
  call<T>(resource: string, call: () => Promise<T>): Promise<T>
  /** Links it to the spans that ended its needs, where they did not come with the job. */
  link(spans: Readonly<Record<string, string>>): void
  end(outcome: string, failure?: { readonly code: string; readonly message: string; readonly stack: string }): void
}

/** What is said of a submission in its span. */
export interface SubmitFacts {
  readonly name: string
  readonly jobs: number
  /** ms since 1970. */
  readonly beganAt: number
}

/** Makes spans. Where traces are off there is none of this, and nothing of OpenTelemetry is loaded. */
export interface Tracing {
  /** A span around a submission; `carrier` travels with the jobs. */
  submit<T extends { readonly id: string }>(facts: SubmitFacts, submit: (carrier: string) => Promise<T>): Promise<T>
  attempt(facts: AttemptFacts): AttemptTrace
  /** Sends what has not been sent. */
  stop(): Promise<void>
}

/**
 * Traces are on when one of the standard variables asks for them: OTEL_TRACES_EXPORTER (`otlp` or `console`), or
 * OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. OTEL_SDK_DISABLED=true turns them off.
 */
export function tracingSettings(env: Readonly<Record<string, string | undefined>>): TracingSettings | undefined {
  const asked = env['OTEL_TRACES_EXPORTER']
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || asked === 'none') return undefined
  const sampler = env['OTEL_TRACES_SAMPLER'] ? 'env' : 'budget'
  if (asked === 'console') return { exporter: 'console', sampler }
  const named = asked || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  return named ? { exporter: 'otlp', sampler } : undefined
}

/** Loads OpenTelemetry. An application that has set it up already keeps its own provider. */
export async function openTracing(
  settings: TracingSettings | undefined,
  service: { readonly name: string; readonly version: string },
): Promise<Tracing | undefined> {
  if (!settings) return undefined
  const { openTelemetry } = await import('./open-telemetry.ts')
  return openTelemetry(settings, service)
}

/** The trace that a job belongs to, from what it brought along; for log lines of workers that make no spans. */
export function traceIdOf(carrier: string | undefined): string | undefined {
  return carrier === undefined ? undefined : /"00-([0-9a-f]{32})-/.exec(carrier)?.[1]
}
