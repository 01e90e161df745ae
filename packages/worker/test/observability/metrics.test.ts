import { setTimeout as sleep } from 'node:timers/promises'
import { TaskError } from '@millrace/shared'
import { metricValue } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MOVE_REASONS } from '../../src/concurrency/controller.ts'
import { defineResource, defineTask } from '../../src/index.ts'
import { Parked } from '../../src/policies/parked.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('the metrics of a worker', () => {
  it('count attempts by what became of them', async () => {
    let failures = 0
    const worker = await room.start([
      defineTask({ name: 'fine' }, () => 1),
      defineTask(
        {
          name: 'flaky',
          retry: { attempts: 2, delay: '1ms' },
        },
        () => {
          if (failures++ === 0) throw new TaskError('HICCUP', 'the first time it fails')
        },
      ),
      defineTask(
        {
          name: 'broken',
          retry: 1,
        },
        () => {
          throw new Error('no')
        },
      ),
    ])
    await room.ended(await room.submit(job('a', 'fine'), job('b', 'flaky'), job('c', 'broken'), job('d', 'fine')))

    const text = await worker.metrics()
    const count = (name: string, labels: Record<string, string>) =>
      metricValue(text, `millrace_jobs_${name}_total`, { queue: 'default', ...labels })
    expect(count('started', { task: 'fine' })).toBe(2)
    expect(count('finished', { task: 'fine', outcome: 'succeeded' })).toBe(2)
    expect(count('started', { task: 'flaky' })).toBe(2)
    expect(count('retried', { task: 'flaky', reason: 'HICCUP' })).toBe(1)
    expect(count('finished', { task: 'flaky', outcome: 'succeeded' })).toBe(1)
    expect(count('finished', { task: 'broken', outcome: 'dead' })).toBe(1)
    expect(metricValue(text, 'millrace_attempt_duration_seconds_count', { task: 'flaky', queue: 'default' })).toBe(2)
  })

  it('tell how long jobs waited: those without needs since they were submitted, the others since their last need ended', async () => {
    const worker = await room.start([
      defineTask({ name: 'slow' }, () => sleep(1_000)),
      defineTask({ name: 'next' }, () => {}),
    ])
    await room.ended(await room.submit(job('a', 'slow'), job('b', 'next', { needs: ['a'] })))

    const text = await worker.metrics()
    const labels = { task: 'next', queue: 'default' }
    expect(metricValue(text, 'millrace_queue_wait_seconds_count', labels)).toBe(1)
    expect(metricValue(text, 'millrace_release_latency_seconds_count', labels)).toBe(1)
    // it waited for its slot and not for its need
    expect(metricValue(text, 'millrace_release_latency_seconds_sum', labels)).toBeLessThan(0.9)
    expect(metricValue(text, 'millrace_queue_wait_seconds_count', { ...labels, task: 'slow' })).toBe(1)
    expect(metricValue(text, 'millrace_release_latency_seconds_count', { ...labels, task: 'slow' })).toBe(0)
  })

  it('count what is put aside by the kind of lot, and full bulkheads', async () => {
    const worker = await room.start(
      [
        defineTask(
          {
            name: 'held',
          },
          () => Promise.reject(new Parked('MILLRACE_BREAKER_OPEN', { lot: 'breaker/x', delayMs: 60_000, why: 'so' })),
        ),
        defineTask({ name: 'call', uses: ['narrow'] }, () => sleep(50)),
      ],
      { resources: [defineResource('narrow', { bulkhead: { limit: 1 } })], concurrency: 8 },
    )
    await room.submit(job('a', 'held'))
    await room.ended(await room.submit(job('a', 'call'), job('b', 'call'), job('c', 'call')))

    await eventually(async () =>
      metricValue(await worker.metrics(), 'millrace_jobs_parked_total', {
        task: 'held',
        queue: 'default',
        reason: 'breaker',
      }),
    ).toBe(1)
    const text = await worker.metrics()
    expect(metricValue(text, 'millrace_bulkhead_rejections_total', { resource: 'narrow' })).toBeGreaterThan(0)
    expect(metricValue(text, 'millrace_bulkhead_slots', { resource: 'narrow' })).toBe(1)
    expect(metricValue(text, 'millrace_bulkhead_active_jobs', { resource: 'narrow' })).toBe(0)
  })

  it('show slots, what is in use of them, and the process', async () => {
    let open = () => {}
    const door = new Promise<void>((resolve) => {
      open = resolve
    })
    const worker = await room.start([defineTask({ name: 'wait' }, () => door)], { concurrency: 4 })
    const id = await room.submit(job('a', 'wait'))
    await eventually(async () => metricValue(await worker.metrics(), 'millrace_worker_active_jobs')).toBe(1)

    const text = await worker.metrics()
    expect(metricValue(text, 'millrace_worker_slots')).toBe(4)
    expect(metricValue(text, 'millrace_worker_utilization_ratio')).toBe(0.25)
    expect(metricValue(text, 'millrace_worker_taking_jobs')).toBe(1)
    expect(metricValue(text, 'millrace_process_memory_bytes', { kind: 'resident' })).toBeGreaterThan(1e7)
    expect(metricValue(text, 'millrace_process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(text).toMatch(/^millrace_build_info\{kind="worker",version="[\d.]+"\} 1$/m)
    open()
    await room.ended(id)
  })

  it('begin at zero where the reasons are known, so that the first move is an increase', async () => {
    const worker = await room.start([defineTask({ name: 'fine' }, () => 1)], { concurrency: { min: 2, max: 4 } })
    const text = await worker.metrics()
    const moves = MOVE_REASONS.map((reason) => metricValue(text, 'millrace_concurrency_moves_total', { reason }))
    expect(moves).toEqual(MOVE_REASONS.map(() => 0))
    expect(metricValue(text, 'millrace_jobs_stalled_total', { queue: 'default' })).toBe(0)
  })

  it('make no series of a task that nobody has', async () => {
    const worker = await room.start([defineTask({ name: 'fine' }, () => 1)])
    await room.ended(await room.submit(job('a', 'misspelt')))
    const text = await worker.metrics()
    expect(text).not.toContain('misspelt')
    expect(metricValue(text, 'millrace_jobs_started_total', { task: 'other', queue: 'default' })).toBeGreaterThan(0)
  })
})

describe('the endpoints of a worker', () => {
  it('say that it lives, that it is ready, and when it drains', async () => {
    let open = () => {}
    const door = new Promise<void>((resolve) => {
      open = resolve
    })
    const worker = await room.start([defineTask({ name: 'wait' }, (_, ctx) => ctx.progress(0).then(() => door))], {
      httpPort: 0,
    })
    const at = (path: string) => fetch(`http://127.0.0.1:${worker.httpPort}${path}`)
    expect((await at('/livez')).status).toBe(200)
    expect(await (await at('/readyz')).json()).toMatchObject({ ready: true, checks: { redis: 'ok', worker: 'ok' } })
    expect(await (await at('/metrics')).text()).toContain('millrace_worker_slots')

    const id = await room.submit(job('a', 'wait'))
    await room.begun(id, 'a')
    const drained = worker.drain()
    const draining = await at('/readyz')
    expect(draining.status).toBe(503)
    expect(await draining.json()).toMatchObject({ problems: ['worker: draining: nothing more is taken'] })
    expect(await (await at('/metrics')).text()).toContain('millrace_worker_taking_jobs 0')
    open()
    await drained
    await expect(at('/livez')).rejects.toThrow()
  })

  it('are refused a port that another process has', async () => {
    const first = await room.start([defineTask({ name: 'fine' }, () => 1)], { httpPort: 0 })
    const second = room.start([defineTask({ name: 'fine' }, () => 1)], { httpPort: first.httpPort as number })
    await expect(second).rejects.toMatchObject({ code: 'MILLRACE_PORT_TAKEN' })
  })
})
