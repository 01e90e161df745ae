import { BullMQOtel } from 'bullmq-otel'
import { describe, expect, it } from 'vitest'
import { openTracing, traceIdOf, tracingSettings } from '../../src/index.ts'

describe('traces', () => {
  it.each([
    [{}, undefined],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'otlp'],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 'console'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'otlp'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, 'otlp'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_SERVICE_NAME: 'mine' }, undefined],
  ])('with %j go to %s', (env, exporter) => expect(tracingSettings(env)?.exporter).toBe(exporter))

  it('are as many as cost little, unless somebody says how many', () => {
    expect(tracingSettings({ OTEL_TRACES_EXPORTER: 'otlp' })?.sampler).toBe('budget')
    expect(tracingSettings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'always_on' })?.sampler).toBe('env')
  })

  it('leave out a workflow that is too large for any picture, whose attempts then leave nothing', async () => {
    const tracing = (await openTracing({ exporter: 'console', sampler: 'budget' }, { name: 'x', version: '1' }))!
    const facts = { workflow: 'w', workflowName: 'w', job: 'j', task: 't', queue: 'q', attempt: 1, worker: 'a' }
    const recorded = async (jobs: number) => {
      let brought = ''
      await tracing.submit({ name: 'w', jobs, beganAt: Date.now() }, async (carrier) => {
        brought = carrier
        return { id: 'w' }
      })
      return tracing.attempt({ ...facts, carrier: brought, spans: undefined }).recorded
    }
    expect(await recorded(3_000)).toBe(false)
    expect(await recorded(3)).toBe(true)
    await tracing.stop()
  })

  it('are off when nobody asked for them', async () => {
    expect(await openTracing(undefined, { name: 'x', version: '1' })).toBeUndefined()
  })

  it('travel as bullmq-otel writes them', async () => {
    const tracing = (await openTracing({ exporter: 'console', sampler: 'env' }, { name: 'x', version: '1' }))!
    const facts = { workflow: 'w', workflowName: 'w', job: 'j', task: 't', queue: 'q', attempt: 1, worker: 'a' }
    const { carrier, traceId } = tracing.attempt({ ...facts, carrier: undefined, spans: undefined })
    const { contextManager } = new BullMQOtel({ tracerName: 'test' })
    const seen = contextManager.fromMetadata(contextManager.active(), carrier)
    expect(contextManager.getMetadata(seen)).toBe(carrier)
    expect(traceIdOf(carrier)).toBe(traceId)
    await tracing.stop()
  })

  it('of a text that is no carrier are none', () => {
    expect(traceIdOf(undefined)).toBeUndefined()
    expect(traceIdOf('{"traceparent":"nonsense"}')).toBeUndefined()
  })
})
