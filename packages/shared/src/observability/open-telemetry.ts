import {
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
} from '@opentelemetry/sdk-trace-node'
import { createTraceBudget } from './trace-budget.ts'
import type { AttemptFacts, AttemptTrace, SubmitFacts, Tracing, TracingSettings } from './tracing.ts'

interface Service {
  readonly name: string
  readonly version: string
}

/** Ours, and how many in this process use it: a worker and a producer may be in one. */
let own: { readonly provider: NodeTracerProvider; users: number } | undefined

/** How many jobs a submission has: what decides whether it is traced. */
const JOBS = 'millrace.jobs'

/** A job needs no more links than anybody looks at. */
const MOST_LINKS = 32

export function openTelemetry(settings: TracingSettings, service: Service): Tracing {
  if (own || !isRegistered()) {
    own ??= { provider: register(settings, service), users: 0 }
    own.users++
  }
  const used = own
  const tracer = trace.getTracer('millrace', service.version)
  return {
    submit: (facts, submit) => submitIn(tracer, facts, submit),
    attempt: (facts) => attemptIn(tracer, facts),
    async stop() {
      if (!used) return // whoever registered the provider ends it
      used.users--
      await used.provider.forceFlush().catch(() => {}) // a collector that is away keeps nobody from ending
      if (used.users > 0) return
      own = undefined
      for (const api of [trace, context, propagation]) api.disable()
      await used.provider.shutdown().catch(() => {})
    },
  }
}

/** Whether the application has a provider of its own. */
function isRegistered(): boolean {
  const provider = trace.getTracerProvider() as { getDelegate?: () => object }
  return (provider.getDelegate?.() ?? provider).constructor.name !== 'NoopTracerProvider'
}

/** Everything else is read from OTEL_* variables by the SDK itself: endpoint, headers, sampler, batches, resource. */
function register({ exporter, sampler }: TracingSettings, { name, version }: Service): NodeTracerProvider {
  const exporterOf = { otlp: () => new OTLPTraceExporter(), console: () => new ConsoleSpanExporter() }
  const resource = resourceFromAttributes({ 'service.name': name, 'service.version': version })
  const provider = new NodeTracerProvider({
    resource: resource.merge(detectResources({ detectors: [envDetector] })),
    ...(sampler === 'budget' && { sampler: new ParentBasedSampler({ root: budgetSampler() }) }),
    spanProcessors: [new BatchSpanProcessor(exporterOf[exporter]())],
  })
  provider.register()
  return provider
}

function budgetSampler(): Sampler {
  const allows = createTraceBudget()
  return {
    shouldSample: (_context, _traceId, _name, _kind, { [JOBS]: jobs }) => ({
      decision: allows(Number(jobs ?? 1)) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => 'MillraceBudget',
  }
}

/** As bullmq-otel writes it, so that its context manager reads what we wrote. */
function carrierOf(within: Context): string {
  const carrier = {}
  propagation.inject(within, carrier)
  return JSON.stringify(carrier)
}

/** All jobs of a workflow bring the same text, and workers have the jobs of few workflows at a time. */
const contexts = new Map<string, Context>()
const MOST_CONTEXTS = 200

function contextOf(carrier: string | undefined): Context {
  if (!carrier) return ROOT_CONTEXT
  const known = contexts.get(carrier)
  if (known) return known
  const read = readCarrier(carrier)
  if (contexts.size >= MOST_CONTEXTS) contexts.clear()
  contexts.set(carrier, read)
  return read
}

function readCarrier(carrier: string): Context {
  try {
    return propagation.extract(ROOT_CONTEXT, JSON.parse(carrier))
  } catch {
    return ROOT_CONTEXT // somebody else's text
  }
}

function submitIn<T extends { readonly id: string }>(
  tracer: Tracer,
  { name, jobs, beganAt }: SubmitFacts,
  submit: (carrier: string) => Promise<T>,
): Promise<T> {
  const attributes = { 'millrace.workflow.name': name, [JOBS]: jobs }
  return tracer.startActiveSpan(`submit ${name}`, { kind: SpanKind.PRODUCER, startTime: beganAt, attributes }, (span) =>
    within(span, async () => {
      const submitted = await submit(carrierOf(context.active()))
      span.setAttribute('millrace.workflow', submitted.id)
      return submitted
    }),
  )
}

function attemptIn(tracer: Tracer, facts: AttemptFacts): AttemptTrace {
  const parent = contextOf(facts.carrier)
  const placed = trace.getSpanContext(parent)
  if (placed && (placed.traceFlags & TraceFlags.SAMPLED) === 0) return untraced(placed, parent, facts.carrier)
  const span = tracer.startSpan(
    `attempt ${facts.task}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'millrace.workflow': facts.workflow,
        'millrace.workflow.name': facts.workflowName,
        'millrace.job': facts.job,
        'millrace.task': facts.task,
        'millrace.queue': facts.queue,
        'millrace.attempt': facts.attempt,
        'millrace.worker': facts.worker,
      },
    },
    parent,
  )
  const inside = trace.setSpan(parent, span)
  const { traceId, spanId } = span.spanContext()
  if (facts.spans) span.addLinks(linksOf(facts.spans, traceId))
  return {
    traceId,
    spanId,
    recorded: span.isRecording(),
    get carrier() {
      return carrierOf(inside)
    },
    run: (handler) => context.with(inside, handler),
    call: (resource, call) =>
      tracer.startActiveSpan(
        `call ${resource}`,
        { kind: SpanKind.CLIENT, attributes: { 'millrace.resource': resource } },
        trace.getSpan(context.active()) ? context.active() : inside,
        (child) => within(child, call),
      ),
    link: (spans) => void span.addLinks(linksOf(spans, traceId)),
    end(outcome, failure) {
      span.setAttribute('millrace.outcome', outcome)
      if (failure) {
        span.setAttribute('error.type', failure.code)
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message })
        span.recordException({ name: failure.code, message: failure.message, stack: failure.stack })
      }
      span.end()
    },
  }
}

/** Whether a workflow is traced is decided once, where it is submitted: its attempts then cost nothing. */
const untraced = ({ traceId, spanId }: SpanContext, parent: Context, carrier = ''): AttemptTrace => ({
  ...{ traceId, spanId, carrier, recorded: false },
  run: (handler) => context.with(parent, handler),
  call: (_resource, call) => call(),
  link: () => {},
  end: () => {},
})

/** All jobs of a workflow are in the trace of its submission, so a span of theirs is known by its id alone. */
const linksOf = (spans: Readonly<Record<string, string>>, traceId: string): Link[] =>
  Object.entries(spans)
    .slice(0, MOST_LINKS)
    .map(([need, spanId]) => ({
      context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true },
      attributes: { 'millrace.need': need },
    }))

async function within<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    span.setStatus({ code: SpanStatusCode.ERROR, message })
    span.recordException(error instanceof Error ? error : message)
    throw error
  } finally {
    span.end()
  }
}
