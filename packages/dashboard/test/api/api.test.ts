import { publishHeartbeat, publishResources } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../src/api/endpoints.ts'
import { ask } from '../ask.ts'
import { HEARTBEAT } from '../heartbeat.ts'
import { GATED, openRoom, type Room } from '../room.ts'

describe('the REST API', () => {
  let room: Room
  const get = (path: string) => ask(room.url, path)
  const post = (path: string, body: unknown = {}) => ask(room.url, path, { body })
  beforeAll(async () => {
    room = await openRoom()
  })
  afterAll(() => room?.close())

  it('submits a workflow once, however often it is asked', async () => {
    const body = { workflow: { name: 'hello', jobs: { greet: { task: 'greet' } } }, id: 'hello-1' }
    const first = await post('workflows', body)
    expect(first).toMatchObject({ status: 201, json: { id: 'hello-1', created: true, jobs: 1, warnings: [] } })
    expect(await post('workflows', body)).toMatchObject({ status: 200, json: { id: 'hello-1', created: false } })
    await room.until('hello-1', 'succeeded')
    expect((await get('workflows/hello-1')).json).toMatchObject({
      name: 'hello',
      jobList: [{ name: 'greet', state: 'succeeded' }],
    })
  })

  it('reads a workflow of YAML, alone or with options beside it', async () => {
    const yaml = 'name: from-yaml\njobs:\n  one: { task: one }\n'
    const options = { body: yaml, headers: { 'content-type': 'application/yaml' } }
    expect(await ask(room.url, 'workflows', options)).toMatchObject({ status: 201, json: { name: 'from-yaml' } })
    expect(await post('workflows', { workflow: yaml, priority: 'high', delay: '1ms' })).toMatchObject({ status: 201 })
  })

  it('refuses a workflow with all of its problems, and a conflict with another', async () => {
    const refused = await post('workflows', {
      workflow: { name: 'x', jobs: { a: { task: 't', needs: 'b' }, c: { task: 't', needs: 'd' } } },
    })
    expect(refused.status).toBe(422)
    expect(refused.json.issues.map(({ code }: { code: string }) => code)).toEqual([
      'MILLRACE_NEED_UNKNOWN',
      'MILLRACE_NEED_UNKNOWN',
    ])
    const other = { workflow: { name: 'hello', jobs: { other: { task: 'greet' } } }, id: 'hello-1' }
    expect(await post('workflows', other)).toMatchObject({ status: 409, json: { code: 'MILLRACE_WORKFLOW_CONFLICT' } })
  })

  it('tells every problem of a request, each with its place', async () => {
    const { status, json } = await post('workflows', { workflow: 7, id: 'a/b', priority: 'urgent', more: 1 })
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'MILLRACE_REQUEST_INVALID' })
    const places = json.issues.map(({ path }: { path: string[] }) => path.join('.')).toSorted()
    expect(places).toEqual(['body', 'body.id', 'body.priority', 'body.workflow'])
  })

  it('cancels, and says what is not there', async () => {
    const { json } = await post('workflows', { workflow: { name: 'long', jobs: { hold: { task: 'wait' } } } })
    expect(await post(`workflows/${json.id}/cancel`)).toMatchObject({ status: 200, json: { state: 'cancelled' } })
    expect(await post(`workflows/${json.id}/cancel`)).toMatchObject({ status: 200, json: { state: 'cancelled' } })
    expect(await post('workflows/nobody/cancel')).toMatchObject({
      status: 404,
      json: { code: 'MILLRACE_WORKFLOW_NOT_FOUND' },
    })
    expect(await get('workflows/nobody/jobs/x')).toMatchObject({
      status: 404,
      json: { code: 'MILLRACE_JOB_NOT_FOUND' },
    })
    expect(await get('dead-letters/nobody')).toMatchObject({
      status: 404,
      json: { code: 'MILLRACE_DEAD_LETTER_NOT_FOUND' },
    })
    expect(await post('queues/nobody/pause')).toMatchObject({ status: 404 })
  })

  it('shows a dead job with its input and failure, replays it, and the workflow goes on', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    const { json: job } = await get(`workflows/${id}/jobs/check`)
    expect(job).toMatchObject({
      state: 'dead',
      input: { gate: 'north' },
      error: { message: 'the gate is shut' },
      deadLetter: `default~${id}.check`,
    })
    expect(job.failures[0]).toContain('the gate is shut')
    expect((await get('dead-letters?task=gate')).json.deadLetters).toHaveLength(1)
    expect((await get('dead-letters?task=other')).json.deadLetters).toEqual([])
    expect((await get(`dead-letters?after=${2 ** 33}`)).status).toBe(200)
    expect((await get('dead-letters/groups')).json).toMatchObject({
      groups: [{ tasks: ['gate'], letters: 1, workflows: 1 }],
    })
    room.broken.clear()
    expect((await post('dead-letters/replay', { ids: [job.deadLetter] })).json).toEqual({
      replayed: [job.deadLetter],
      gone: [],
      refused: [],
    })
    expect((await post('dead-letters/replay', { ids: [job.deadLetter] })).json.gone).toEqual([job.deadLetter])
    await room.until(id, 'succeeded')
    room.broken.add('gate')
  })

  it('rehearses a replay, has the pool carry it out at a pace, and says how far it is', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    const which = { filter: { workflow: id } }
    expect(await post('replays/rehearse', { ...which, ratePerSecond: 2 })).toMatchObject({
      status: 200,
      json: { replayed: 1, refused: 0, unskipped: 2, byTask: { gate: 1 }, byQueue: { default: 1 }, durationMs: 500 },
    })
    expect((await room.producer.summary(id))?.state).toBe('failed')
    room.broken.clear()
    const started = await post('replays', { ...which, ratePerSecond: 50, canary: 1, stopIf: 'failed>10%' })
    expect(started).toMatchObject({
      status: 201,
      json: { total: 1, canary: 1, stopIf: 'failed>10%', ratePerSecond: 50 },
    })
    const replay = started.json.id
    await until(async () => (await get(`replays/${replay}`)).json.state === 'done')
    expect((await get('replays?limit=1')).json.replays).toMatchObject([{ id: replay, succeeded: 1, failed: 0 }])
    expect(await post(`replays/${replay}/pause`)).toMatchObject({ status: 422, json: { code: 'MILLRACE_USAGE' } })
    await room.until(id, 'succeeded')
    room.broken.add('gate')
  })

  it('pauses, resumes and stops a replay', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await room.producer.submit(GATED)).id))
    for (const id of ids) await room.until(id, 'failed')
    const { json } = await post('replays', { filter: { task: 'gate' }, ratePerSecond: 0.1 })
    const state = async (verb: string) => (await post(`replays/${json.id}/${verb}`)).json.state
    expect([await state('pause'), await state('resume'), await state('stop')]).toEqual(['paused', 'running', 'stopped'])
    expect((await get(`replays/${json.id}`)).json).toMatchObject({ why: 'operator' })
    expect((await get('replays/r0')).status).toBe(404)
    expect(await post('replays', { filter: {}, ratePerSecond: 0 })).toMatchObject({ status: 400 })
    expect(await post('replays', { filter: {}, stopIf: 'never' })).toMatchObject({ status: 422 })
  })

  it('retries a workflow that failed', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    room.broken.clear()
    expect(await post(`workflows/${id}/retry`)).toMatchObject({
      status: 200,
      json: { replayed: [`default~${id}.check`], revived: 0, summary: { id } },
    })
    await room.until(id, 'succeeded')
    room.broken.add('gate')
    expect(await post('workflows/nobody/retry')).toMatchObject({ status: 404 })
  })

  it('runs a job and what depends on it again, as a new workflow', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    const again = { from: 'build', id: `${id}-again` }
    const rehearsed = await post(`workflows/${id}/rerun`, { ...again, dryRun: true })
    expect(rehearsed).toMatchObject({ status: 200, json: { created: false, of: id, carried: [] } })
    expect((await get(`workflows/${id}-again`)).status).toBe(404)
    expect(await post(`workflows/${id}/rerun`, again)).toMatchObject({ status: 201, json: { id: again.id } })
    expect(await post(`workflows/${id}/rerun`, again)).toMatchObject({ status: 200, json: { created: false } })
    await room.until(again.id, 'failed')
    expect((await get(`workflows/${again.id}`)).json).toMatchObject({ rerunOf: { id, from: 'build' } })
    expect((await get(`workflows/${id}`)).json).toMatchObject({ reruns: [again.id] })
    expect(await post(`workflows/${id}/rerun`, { from: 'nothing' })).toMatchObject({
      status: 422,
      json: { code: 'MILLRACE_RERUN_REFUSED' },
    })
  })

  it('says why a job, a workflow and a queue do not run', async () => {
    await room.producer.pauses.pause(
      'workflow',
      (await room.producer.submit(GATED, { id: 'kept', delayMs: 600_000 })).id,
    )
    expect((await get('workflows/kept/jobs/build/why')).json).toMatchObject({
      kind: 'job',
      state: 'delayed',
      reasons: [{ code: 'delayed' }, { code: 'workflow-paused', about: 'workflow kept' }, { code: 'no-worker' }],
    })
    expect((await get('workflows/kept/why')).json).toMatchObject({
      reasons: [{ code: 'workflow-paused' }],
      frontier: [{ reason: { code: 'delayed' }, jobs: 1, names: ['build'] }],
    })
    expect((await get('queues/default/why')).json).toMatchObject({ kind: 'queue', paused: false, delayed: 1 })
    expect(await get('workflows/kept/jobs/nobody/why')).toMatchObject({
      status: 404,
      json: { code: 'MILLRACE_JOB_NOT_FOUND' },
    })
    expect((await get('workflows/nobody/why')).status).toBe(404)
    expect((await get('queues/nobody/why')).status).toBe(404)
    await post('workflows/kept/cancel')
  })

  it('discards by filter', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    const { json } = await post('dead-letters/discard', { filter: { workflow: id } })
    expect(json).toEqual({ discarded: [`default~${id}.check`], gone: [] })
  })

  it('opens and closes a breaker by hand', async () => {
    expect(await post('resources/task%2Fmail.send/open', { for: '5m', why: 'maintenance' })).toMatchObject({
      status: 200,
    })
    const [resource] = (await get('resources')).json.resources
    expect(resource).toMatchObject({
      name: 'task/mail.send',
      state: 'open',
      opening: { why: 'maintenance' },
    })
    expect(resource.opening.halfOpenInMs).toBeGreaterThan(200_000)
    expect((await post('resources/task%2Fmail.send/close')).json).toEqual({ resource: 'task/mail.send', changed: true })
  })

  it('streams what happens, and does not repeat chunks that were seen', async () => {
    const { id } = await room.producer.submit({
      name: 'events',
      jobs: { a: { task: 'a' }, b: { task: 'b', needs: 'a' } },
    })
    await room.until(id, 'succeeded')
    const stream = room.keys.chunks(id)
    for (const n of [1, 2, 3])
      await room.client.xadd(
        stream,
        '*',
        'n',
        n,
        'end',
        0,
        'job',
        'a',
        'attempt',
        1,
        'at',
        1,
        'chunk',
        JSON.stringify(`c${n}`),
      )
    const { text, headers } = await ask(room.url, `workflows/${id}/events`, { headers: { 'last-event-id': '2' } })
    expect(headers.get('content-type')).toContain('text/event-stream')
    expect(text).not.toContain('"c2"')
    expect(text).toContain('id: 3\nevent: chunk\ndata: {"number":3')
    expect(text).toContain('"state":"succeeded"')
    expect(text.trimEnd().endsWith('event: end\ndata: {}')).toBe(true)
    expect(await get('workflows/nobody/events')).toMatchObject({ status: 404 })
  })

  it('says how the pool is in a few numbers', async () => {
    const before = (await get('summary')).json
    await publishHeartbeat(room.client, room.keys, 'w1', HEARTBEAT)
    const { json } = await get('summary')
    expect(json.workflows.succeeded).toBeGreaterThan(0)
    expect(json).toMatchObject({ ...before, workers: 1, slots: { limit: 16, active: 11 } })
  })

  it('tells the series of the pool', async () => {
    const { status, text } = await get('/metrics')
    expect(status).toBe(200)
    expect(text).toContain('millrace_redis_up 1')
  })

  it('is ready while Redis answers, and lives all the same', async () => {
    expect(await get('/livez')).toMatchObject({ status: 200 })
    expect(await get('/readyz')).toMatchObject({ status: 200, json: { ready: true } })
  })

  it('answers each question in the shape that its document promises', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    await publishResources(room.client, room.keys, [{ name: 'stripe', breaker: '5 failures in a row', bulkhead: '' }])
    await until(async () => (await get('dead-letters')).json.deadLetters.length > 0)
    const { id: replay } = await room.producer.replays.start({ ids: [] })
    const known: Record<string, string> = { id, job: 'check', letter: `default~${id}.check`, queue: 'default', replay }
    const asked = ENDPOINTS.filter(({ method }) => method === 'GET')
    expect(asked.length).toBeGreaterThan(9)
    for (const { path, answer } of asked) {
      const { status, json } = await get(
        path.slice(1).replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(known[name] ?? name)),
      )
      expect(status, path).toBe(200)
      const parsed = answer.safeParse(json)
      expect(parsed.error?.issues ?? [], path).toEqual([])
    }
  })
})

describe('the live feed', () => {
  it('gives all jobs first, and then what changed', async () => {
    const room = await openRoom()
    const { id } = await room.producer.submit({
      name: 'live',
      jobs: { a: { task: 'wait' }, b: { task: 'b', needs: 'a' } },
    })
    const gone = new AbortController()
    const response = await fetch(`${room.url}/api/v1/workflows/${id}/live`, { signal: gone.signal })
    let text = ''
    const reading = (async () => {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString()
    })().catch(() => {})
    const events = () => [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] as string))
    await until(() => events().some(({ jobs }) => jobs.some((job: { state: string }) => job.state === 'active')))
    expect(events()[0]).toMatchObject({ reshaped: true, criticalPath: ['a', 'b'] })
    expect(events()[0].jobs).toHaveLength(2)
    room.release()
    await until(() => events().at(-1).summary.state === 'succeeded')
    expect(events().at(-1)).toMatchObject({ reshaped: false })
    gone.abort()
    await reading
    await room.close()
  })
})
