import { ingest, openTracing } from '@millrace/shared'
import { context, propagation, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineResource, defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

const spans = new InMemorySpanExporter()
const settings = { exporter: 'otlp', sampler: 'env' } as const
let room: Room
// an application that has OpenTelemetry already: its provider is used
beforeAll(() => new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register())
beforeEach(async () => {
  spans.reset()
  room = await openRoom()
})
afterEach(() => room.close())
afterAll(() => {
  for (const api of [trace, context, propagation]) api.disable()
})

/** Submits as a producer does that traces. */
async function submitTraced(...jobs: ReturnType<typeof job>[]): Promise<string> {
  const tracing = (await openTracing(settings, { name: 'test', version: '1' }))!
  const id = `w${Math.random().toString(36).slice(2)}`
  const rest = { name: 'traced', priority: 'normal', onFailure: 'skip', deadlineMs: undefined, inputs: {} } as const
  await tracing.submit({ name: 'traced', jobs: jobs.length, beganAt: Date.now() }, (trace) =>
    ingest(room.client, room.keys, { ...rest, jobs }, { id, trace }),
  )
  return id
}

const found = (name: string, attributes: Record<string, unknown> = {}): ReadableSpan[] =>
  spans
    .getFinishedSpans()
    .filter(
      (span) => span.name === name && Object.entries(attributes).every(([key, is]) => span.attributes[key] === is),
    )
const one = (name: string, attributes?: Record<string, unknown>): ReadableSpan => {
  const all = found(name, attributes)
  expect(all, `${name} ${JSON.stringify(attributes)}`).toHaveLength(1)
  return all[0] as ReadableSpan
}
const ofJob = (name: string, attempt = 1) => one('attempt step', { 'millrace.job': name, 'millrace.attempt': attempt })

describe('the trace of a workflow', () => {
  it('leads from its submission through every job, each linked to the jobs it needed', async () => {
    await room.start([defineTask({ name: 'step' }, () => 1)], { tracing: settings })
    const id = await submitTraced(
      job('a', 'step'),
      job('b', 'step', { needs: ['a'] }),
      job('c', 'step', { needs: ['a'] }),
      job('d', 'step', { needs: ['b', 'c'] }),
    )
    await room.ended(id)
    await eventually(() => found('attempt step').length).toBe(4)

    const root = one('submit traced')
    expect(root.attributes).toMatchObject({ 'millrace.workflow': id, 'millrace.jobs': 4 })
    const { traceId, spanId } = root.spanContext()
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(ofJob(name).spanContext().traceId).toBe(traceId)
      expect(ofJob(name).parentSpanContext?.spanId).toBe(spanId)
    }
    const links = (name: string) =>
      ofJob(name).links.map((link) => [link.attributes?.['millrace.need'], link.context.spanId])
    const link = (name: string) => [name, ofJob(name).spanContext().spanId]
    expect(links('a')).toEqual([])
    expect(links('b')).toEqual([link('a')])
    expect(links('d').toSorted()).toEqual([link('b'), link('c')])
  })

  it('has a span for every attempt, and what went wrong in it', async () => {
    let runs = 0
    const step = defineTask({ name: 'step', retry: { attempts: 2, delay: '1ms' } }, () => {
      if (++runs === 1) throw new Error('not yet')
    })
    await room.start([step], { tracing: settings })
    await room.ended(await submitTraced(job('a', 'step')))
    await eventually(() => found('attempt step').length).toBe(2)
    expect(ofJob('a', 1)).toMatchObject({
      attributes: { 'millrace.outcome': 'retried', 'error.type': 'MILLRACE_TASK_FAILED' },
    })
    expect(ofJob('a', 1).status).toEqual({ code: 2, message: 'not yet' })
    expect(ofJob('a', 2)).toMatchObject({ attributes: { 'millrace.outcome': 'succeeded' }, status: { code: 0 } })
  })

  it('links what runs because a need failed to the attempt that failed', async () => {
    const step = defineTask({ name: 'step', retry: 1 }, (_, ctx) => {
      if (ctx.job.name === 'a') throw new Error('no')
    })
    await room.start([step], { tracing: settings })
    await room.ended(await submitTraced(job('a', 'step'), job('alarm', 'step', { needs: ['a'], when: 'failed' })))
    await eventually(() => found('attempt step').length).toBe(2)
    expect(ofJob('alarm').links.map((link) => link.context.spanId)).toEqual([ofJob('a').spanContext().spanId])
  })

  it('shows calls to resources, and spans of the handler, as children of the attempt', async () => {
    const step = defineTask({ name: 'step', uses: ['bank'] }, async (_, ctx) => {
      trace.getTracer('mine').startSpan('own work').end()
      await ctx.resource('bank').execute(async () => 1)
    })
    await room.start([step], { resources: [defineResource('bank', {})], tracing: settings })
    await room.ended(await submitTraced(job('a', 'step')))
    await eventually(() => found('attempt step').length).toBe(1)
    const { spanId } = ofJob('a').spanContext()
    expect(one('own work').parentSpanContext?.spanId).toBe(spanId)
    expect(one('call bank', { 'millrace.resource': 'bank' }).parentSpanContext?.spanId).toBe(spanId)
  })

  it('goes on in the jobs that a job spawns, as its children', async () => {
    const step = defineTask({ name: 'step' }, async (_, ctx) => {
      if (ctx.job.name === 'a') await ctx.spawn({ child: { task: 'step' } })
    })
    await room.start([step], { tracing: settings })
    await room.ended(await submitTraced(job('a', 'step'), job('z', 'step', { needs: ['a'] })))
    await eventually(() => found('attempt step').length).toBe(3)
    const spawner = ofJob('a').spanContext().spanId
    expect(ofJob('a.child').parentSpanContext?.spanId).toBe(spawner)
    expect(ofJob('z').links.map((link) => link.context.spanId)).toEqual([spawner])
  })

  it('is not begun where its submission was not sampled', async () => {
    await room.start([defineTask({ name: 'step' }, (_, ctx) => ctx.log.info('hello'))], { tracing: settings })
    const id = `w${Math.random().toString(36).slice(2)}`
    const plan = { name: 'test', priority: 'normal', onFailure: 'skip', deadlineMs: undefined, inputs: {} } as const
    const unsampled = `{"traceparent":"00-${'a'.repeat(32)}-${'b'.repeat(16)}-00"}`
    await ingest(room.client, room.keys, { ...plan, jobs: [job('a', 'step')] }, { id, trace: unsampled })
    await room.ended(id)
    expect(found('attempt step')).toEqual([])
    expect(await room.client.hexists(room.keys.job('default', `${id}.a`), 'span')).toBe(0)
    expect(room.lines.find(({ msg }) => msg === 'hello')).toMatchObject({ trace_id: 'a'.repeat(32) })
  })

  it('is named in the log lines of its attempts, where a worker makes no spans too', async () => {
    await room.start([defineTask({ name: 'step' }, (_, ctx) => ctx.log.info('hello'))])
    await room.ended(await submitTraced(job('a', 'step')))
    const { traceId } = one('submit traced').spanContext()
    expect(room.lines.find(({ msg }) => msg === 'hello')).toMatchObject({
      trace_id: traceId,
      job: 'a',
      task: 'step',
      attempt: 1,
    })
    expect(found('attempt step')).toEqual([])
  })
})
