import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../src/index.ts'

let producer: Producer
beforeEach(async () => {
  producer = await createProducer({ connection: brokerUrl(), namespace: freshNamespace() })
})
afterEach(() => producer.close())

const hello = { name: 'hello', jobs: { greet: { task: 'greet' }, shout: { task: 'shout', needs: 'greet' } } }

describe('a producer', () => {
  it('submits a workflow under an id that begins with its name, and finds it again', async () => {
    const { id, created, jobs } = await producer.submit(hello)
    expect([id.startsWith('hello-'), created, jobs]).toEqual([true, true, 2])
    expect(await producer.get(id)).toMatchObject({
      name: 'hello',
      state: 'running',
      jobs: { total: 2, runnable: 1, waiting: 1 },
      jobList: [
        { name: 'greet', state: 'queued' },
        { name: 'shout', state: 'waiting', needs: ['greet'] },
      ],
    })
    expect(await producer.get('hello-0')).toBeUndefined()
  })

  it('submits the same id twice as one workflow', async () => {
    expect(await producer.submit(hello, { id: 'once' })).toMatchObject({ created: true })
    expect(await producer.submit(hello, { id: 'once' })).toMatchObject({ created: false })
    expect(await producer.list()).toHaveLength(1)
  })

  it('warns of a deadline that the jobs cannot meet, by what is known of them, or refuses it when asked to', async () => {
    const { greet, shout } = hello.jobs
    const late = {
      ...hello,
      deadline: '1m',
      jobs: { greet: { ...greet, estimate: '50s' }, shout: { ...shout, estimate: '11s' } },
    }
    const { warnings } = await producer.submit(late)
    expect(warnings).toMatchObject([{ code: 'MILLRACE_DEADLINE_UNREACHABLE', path: ['deadline'] }])
    expect((await producer.submit({ ...late, deadline: '61s' })).warnings).toEqual([])
    await expect(producer.submit(late, { id: 'strict', strictDeadline: true })).rejects.toMatchObject({
      code: 'MILLRACE_DEADLINE_UNREACHABLE',
    })
    expect(await producer.get('strict')).toBeUndefined()
  })

  it('lists the newest first, by state and by name', async () => {
    for (const id of ['one', 'two', 'three']) await producer.submit({ ...hello, name: id }, { id })
    await producer.cancel('two')
    expect((await producer.list()).map(({ id }) => id).toSorted()).toEqual(['one', 'three', 'two'])
    expect((await producer.list({ state: 'cancelled' })).map(({ id }) => id)).toEqual(['two'])
    expect((await producer.list({ name: 'three' })).map(({ id }) => id)).toEqual(['three'])
    expect(await producer.list({ limit: 2 })).toHaveLength(2)
  })

  it('watches until the end, beginning with how it is now', async () => {
    const { id } = await producer.submit(hello)
    const seen: string[] = []
    for await (const event of producer.watch(id)) {
      if (event.kind !== 'chunk')
        seen.push(event.kind === 'workflow' ? event.summary.state : `${event.job} ${event.state}`)
      if (seen.length === 1) await producer.cancel(id)
    }
    expect([seen[0], seen.at(-1)]).toEqual(['running', 'cancelled'])
  })

  it('pauses and resumes a queue, and shows what is in it', async () => {
    await producer.submit(hello)
    await producer.queues.pause('default')
    expect(await producer.queues.list()).toMatchObject([{ name: 'default', paused: true, queued: 1, waiting: 1 }])
    await producer.queues.resume('default')
    expect(await producer.queues.list()).toMatchObject([{ paused: false }])
  })

  it('cannot cancel what is not there', async () => {
    await expect(producer.cancel('nowhere')).rejects.toMatchObject({ code: 'MILLRACE_WORKFLOW_NOT_FOUND' })
  })
})

describe('a broker that is away', () => {
  it('is reported at once, with its address and without its password', async () => {
    const connection = 'redis://user:secret@127.0.0.1:1/0'
    const refusal = await createProducer({ connection, connectTimeoutMs: 500 }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'MILLRACE_BROKER_UNREACHABLE' })
    expect((refusal as Error).message).toContain('redis://user:***@127.0.0.1:1/0')
  })
})
