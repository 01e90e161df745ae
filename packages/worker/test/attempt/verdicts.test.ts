import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { failures, readLots, TaskError } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
let service: Server
let url: string
/** How the service answers, one after the other; the last for ever. */
let answers: [status: number, headers?: Record<string, string>][]
let asked: number[]
let posted: unknown[]

beforeEach(async () => {
  room = await openRoom()
  ;[answers, asked, posted] = [[], [], []]
  service = createServer((request, response) => {
    asked.push(Date.now())
    const [status, headers = {}] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [200]
    void body(request).then((text) => {
      if (text) posted.push(JSON.parse(text))
      response.writeHead(status, headers).end()
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`
})
afterEach(async () => {
  await room.close()
  service.closeAllConnections()
  service.close()
})

async function body(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

const quick = { attempts: 4, delay: '1ms', maxDelay: '1ms' } as const
const asking = (options: Partial<Parameters<typeof defineTask>[0]> = {}) =>
  defineTask({ name: 'ask', retry: quick, ...options }, async () => {
    const response = await fetch(url)
    if (!response.ok) throw response
    return response.status
  })

describe('a job whose service', () => {
  it('asks to be left alone comes back when it may, and no earlier', async () => {
    answers = [[429, { 'retry-after': '1' }], [200]]
    await room.start([asking()])
    const { a } = await room.ended(await room.submit(job('a', 'ask')))
    expect(a).toMatchObject({ state: 'succeeded', attempts: 2 })
    expect((asked[1] as number) - (asked[0] as number)).toBeGreaterThanOrEqual(990)
  })

  it('refuses is buried after one attempt, with what makes it the same as others', async () => {
    answers = [[403]]
    await room.start([asking()])
    await room.ended(await room.submit(job('a', 'ask')))
    expect(asked).toHaveLength(1)
    const [letter] = await room.deadLetters()
    expect(letter).toMatchObject({
      code: 'MILLRACE_SERVICE_REFUSED',
      severity: 'medium',
      category: 'service',
      message: 'HTTP 403 Forbidden',
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    })
  })

  it('cannot is tried again', async () => {
    answers = [[500], [502], [200]]
    await room.start([asking()])
    expect((await room.ended(await room.submit(job('a', 'ask'))))['a']).toMatchObject({
      state: 'succeeded',
      attempts: 3,
    })
  })

  it('is not there is tried again, and buried as out of reach', async () => {
    const gone = defineTask({ name: 'gone', retry: { ...quick, attempts: 2 } }, () => fetch(url))
    service.close()
    await room.start([gone])
    await room.ended(await room.submit(job('a', 'gone')))
    expect(await room.deadLetters()).toMatchObject([{ code: 'MILLRACE_NETWORK', attempts: 2 }])
  })
})

describe('a rule of a task', () => {
  it('that says `delay` spends no attempt: the job waits in a lot, where it can be seen', async () => {
    answers = [[402], [402], [402], [200]]
    const errors = [{ status: 402, verdict: 'delay', delay: '50ms' }] as const
    const worker = await room.start([asking({ retry: 1, errors })])
    const id = await room.submit(job('a', 'ask'))
    await eventually(async () => (await readLots(room.client, room.keys)).map(({ lot }) => lot)).toContain('delay/ask')
    expect((await room.ended(id))['a']?.state).toBe('succeeded')
    expect(worker.counts()).toMatchObject({ parked: 3, retried: 0, buried: 0 })
  })
})

describe('the failures of a worker', () => {
  const failing = defineTask({ name: 'charge', retry: { ...quick, attempts: 2 } }, (_, { job: { name } }) => {
    throw new TaskError('DECLINED', `no money on account ${name.length}`, { category: 'payment' })
  })

  it('are counted by fingerprint, every attempt of them, and the dead letters carry it', async () => {
    await room.start([failing], { version: '2.0.1' })
    for (const name of ['a', 'bb', 'ccc']) await room.ended(await room.submit(job(name, 'charge')))
    await eventually(async () => (await failures(room.client, room.keys))[0]?.count).toBe(6)
    const letters = await room.deadLetters()
    const [failure, ...others] = await failures(room.client, room.keys)
    expect(others).toEqual([])
    expect(failure).toMatchObject({
      fingerprint: letters[0]?.fingerprint,
      task: 'charge',
      code: 'DECLINED',
      category: 'payment',
      pattern: 'no money on account <n>',
      dead: 3,
      workflows: 3,
      firstVersion: '2.0.1',
    })
    expect(failure?.frame).toMatch(/@attempt\/verdicts\.test\.ts$/)
    expect(new Set(letters.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })

  it('are told even when the worker ends at once', async () => {
    const worker = await room.start([failing])
    await room.ended(await room.submit(job('a', 'charge')))
    await worker.close()
    expect(await failures(room.client, room.keys)).toMatchObject([{ count: 2, dead: 1 }])
  })

  it('escalate once when there are too many: in the log, in the counts, and by the webhook, tried again', async () => {
    answers = [[500], [200]]
    const options = { escalateCount: 4, escalateWebhook: url }
    const workers = [await room.start([failing], options), await room.start([failing], options)]
    const ids = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => room.submit(job(name, 'charge'))))
    await Promise.all(ids.map((id) => room.ended(id)))
    await eventually(() => posted.length).toBe(2)
    expect(posted[1]).toMatchObject({
      event: 'failure.escalated',
      pool: room.keys.namespace,
      threshold: { count: 4 },
      failure: { task: 'charge', code: 'DECLINED' },
    })
    expect(posted[1]).toEqual(posted[0])
    expect(room.lines.filter(({ msg }) => msg === 'a failure escalates')).toMatchObject([
      { level: 'error', code: 'DECLINED' },
    ])
    expect(workers.reduce((sum, worker) => sum + worker.counts().escalated, 0)).toBe(1)
  })

  it('count a job whose workers vanished, under the fingerprint of its letter', async () => {
    const slow = defineTask({ name: 'slow', retry: 1 }, (_, { progress }) =>
      progress(0).then(() => new Promise(() => {})),
    )
    await room.start([slow], { lockMs: 1_000, stalledEveryMs: 150, maxStalls: 0, graceMs: 1 })
    const id = await room.submit(job('a', 'slow'))
    await room.begun(id, 'a')
    await room.client.del(`${room.keys.job('default', `${id}.a`)}:lock`)
    await room.ended(id)
    const [letter] = await room.deadLetters()
    expect(letter).toMatchObject({ code: 'MILLRACE_STALLED', severity: 'high', category: 'pool' })
    await eventually(() => failures(room.client, room.keys)).toMatchObject([
      { code: 'MILLRACE_STALLED', fingerprint: letter?.fingerprint, dead: 1 },
    ])
  })
})
