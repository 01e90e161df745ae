import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectBroker, poolKeys, publishHeartbeat } from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { QueueEvents } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { millrace, start } from './millrace.ts'
import { openWorker } from './pool.ts'

let folder: string
let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }
let worker: Awaited<ReturnType<typeof openWorker>>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
  worker = await openWorker(env.REDIS_URL, env.MILLRACE_NAMESPACE)
})
afterEach(async () => {
  await worker.close()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) => millrace(args, { env })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

/** `first`, then a job of the given task, then `last`. */
function file(task: 'work' | 'gate' | 'wait', onFailure = 'skip'): string {
  const path = join(folder, `${task}.yaml`)
  const jobs = `  first: { task: work }\n  middle: { task: ${task}, needs: first }\n  last: { task: work, needs: middle }\n`
  writeFileSync(path, `name: ${task}\nonFailure: ${onFailure}\ninputs: { day: monday }\njobs:\n${jobs}`)
  return path
}

describe('millrace enqueue', () => {
  it('prints the id and nothing else on stdout, so that a shell can keep it', async () => {
    const { exit, out, err } = await run('enqueue', file('work'))
    expect(exit).toBe(0)
    expect(out).toMatch(/^work-[a-z0-9]+\n$/)
    expect(err).toContain(`millrace watch ${out.trim()}`)
  })

  it('takes the same id as the same workflow', async () => {
    expect(await json('enqueue', file('work'), '--id', 'one')).toEqual({
      id: 'one',
      name: 'work',
      created: true,
      jobs: 3,
      warnings: [],
    })
    expect(await json('enqueue', file('work'), '--id', 'one')).toMatchObject({ id: 'one', created: false })
  })

  it('waits for the end with --wait and ends with 0 when all went well', async () => {
    const { exit, out, err } = await run(
      'enqueue',
      file('work'),
      '--wait',
      '--id',
      'one',
      '--priority',
      'high',
      '--set',
      'day=1',
    )
    expect(exit).toBe(0)
    expect(out).toBe('one\n')
    expect(err).toMatch(/succeeded {2}one, 3 jobs: 3 succeeded, took /)
    expect(await json('status', 'one')).toMatchObject({ state: 'succeeded', priority: 'high', jobs: { succeeded: 3 } })
  })

  it('ends with 1 when the workflow failed, and names the dead letter', async () => {
    const { exit, err } = await run('enqueue', file('gate'), '--wait', '--id', 'one')
    expect(exit).toBe(1)
    expect(err).toContain('The workflow failed: 1 job is dead.')
    expect(err).toContain('millrace dlq replay default~one.middle')
  })

  it('ends with 1 when the workflow is held, and says what to replay', async () => {
    const { exit, err } = await run('enqueue', file('gate', 'hold'), '--wait', '--id', 'one')
    expect(exit).toBe(1)
    expect(err).toContain('The workflow is held')
    expect(err).toContain('millrace dlq replay default~one.middle')
  })

  it('refuses a workflow with all its issues and submits nothing', async () => {
    const path = join(folder, 'bad.yaml')
    writeFileSync(path, 'name: bad\njobs:\n  a: { task: work, needs: [b, c] }\n')
    const { exit, out, err } = await run('enqueue', path, '--json')
    expect(exit).toBe(2)
    expect(JSON.parse(out).error.issues).toMatchObject([
      { code: 'MILLRACE_NEED_UNKNOWN', line: 3 },
      { code: 'MILLRACE_NEED_UNKNOWN', line: 3 },
    ])
    expect(err).toContain('2 problems in ')
    expect(err).toContain('nothing was submitted')
    expect(await json('list')).toEqual([])
  })
})

describe('millrace status, list and cancel', () => {
  it('show a workflow and its jobs, and end it', async () => {
    await run('enqueue', file('wait'), '--id', 'one')
    await until(async () => (await json('status', 'one')).jobs.succeeded === 1)
    const { out } = await run('status', 'one')
    expect(out).toMatch(/^one {2}running\n/)
    expect(out).toMatch(/^middle {2,}active {2,}wait {2,}default /m)
    expect(await json('list', '--state', 'running', '--name', 'wait')).toMatchObject([{ id: 'one' }])
    expect(await json('list', '--name', 'other')).toEqual([])
    expect(await run('cancel', 'one')).toMatchObject({ exit: 0, err: 'one is cancelled.\n' })
    expect(await json('cancel', 'one')).toMatchObject({ state: 'cancelled' })
  })

  it.each([['status'], ['watch'], ['cancel'], ['graph']])(
    '`%s` ends with 2 when there is no such workflow',
    async (command) => {
      const { exit, out, err } = await run(command, 'nothing')
      expect({ exit, out }).toEqual({ exit: 2, out: '' })
      expect(err).toContain('MILLRACE_WORKFLOW_NOT_FOUND')
    },
  )
})

describe('millrace watch', () => {
  it('reports what changes, one JSON document per line, and ends with the workflow', async () => {
    await run('enqueue', file('wait'), '--id', 'one')
    const watching = start(['watch', 'one', '--json'], { env })
    await until(() => watching.seen().out.includes('"succeeded":1'))
    worker.release()
    const { exit, out } = await watching.ended
    expect(exit).toBe(0)
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ kind: 'workflow', summary: { id: 'one', state: 'running' } })
    expect(events).toContainEqual({ kind: 'job', job: 'middle', state: 'succeeded', at: expect.any(Number) })
    expect(events.at(-1)).toMatchObject({ kind: 'workflow', summary: { state: 'succeeded' } })
  })

  it('ends with 130 by Ctrl-C, and the workflow goes on', async () => {
    await run('enqueue', file('wait'), '--id', 'one')
    const watching = start(['watch', 'one'], { env })
    await until(() => watching.seen().out.includes('running  one'))
    watching.child.kill('SIGINT')
    const { exit, err } = await watching.ended
    expect(exit).toBe(130)
    expect(err).toContain('the workflow goes on')
    worker.release()
    expect(await run('watch', 'one')).toMatchObject({ exit: 0 })
  })

  it('ends with 3 when the broker is lost on the way', async () => {
    const sockets: Socket[] = []
    const { hostname, port } = new URL(env.REDIS_URL)
    const proxy = createServer((inbound) => {
      const outbound = connect(Number(port), hostname)
      for (const socket of [inbound, outbound]) sockets.push(socket.on('error', () => {}))
      inbound.pipe(outbound).pipe(inbound)
    })
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
    await run('enqueue', file('wait'), '--id', 'one')
    const address = `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const watching = start(['watch', 'one', '--redis', address], { env })
    await until(() => watching.seen().out.includes('running  one'))
    proxy.close()
    for (const socket of sockets) socket.destroy()
    const { exit, err } = await watching.ended
    expect(exit).toBe(3)
    expect(err).toContain('Redis was lost on the way')
  })

  it('says nothing when its reader has seen enough', async () => {
    await run('enqueue', file('wait'), '--id', 'one')
    const watching = start(['watch', 'one'], { env })
    await until(() => watching.seen().out.includes('running  one'))
    watching.child.stdout.destroy()
    worker.release()
    const { exit, err } = await watching.ended
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
  })
})

describe('millrace dlq', () => {
  it('lists and shows what failed, with filters', async () => {
    await run('enqueue', file('gate'), '--id', 'one', '--wait')
    expect(await json('dlq', 'list')).toMatchObject([
      { id: 'default~one.middle', code: 'MILLRACE_TASK_FAILED', task: 'gate' },
    ])
    expect(await json('dlq', 'list', '--task', 'gate', '--workflow', 'one', '--newer-than', '1h')).toHaveLength(1)
    for (const filter of [
      ['--task', 'work'],
      ['--queue', 'q'],
      ['--code', 'X'],
      ['--older-than', '1h'],
    ]) {
      expect(await json('dlq', 'list', ...filter)).toEqual([])
    }
    const { out } = await run('dlq', 'show', 'default~one.middle')
    expect(out).toContain('the gate is shut\\u001b[31m')
    expect(await run('dlq', 'show', 'nothing')).toMatchObject({ exit: 2 })
  })

  it('replays one, after which its workflow goes on', async () => {
    await run('enqueue', file('gate', 'hold'), '--id', 'one', '--wait')
    worker.broken.clear()
    const { exit, out, err } = await run('dlq', 'replay', 'default~one.middle', 'nothing')
    expect({ exit, out }).toEqual({ exit: 0, out: 'default~one.middle\n' })
    expect(err).toContain('nothing: there is no such dead letter')
    expect(await run('watch', 'one')).toMatchObject({ exit: 0 })
  })

  it('replays all that match a filter', async () => {
    for (const id of ['one', 'two']) await run('enqueue', file('gate'), '--id', id, '--wait')
    worker.broken.clear()
    expect(await json('dlq', 'replay', '--workflow', 'two')).toEqual({
      replayed: ['default~two.middle'],
      gone: [],
      refused: [],
    })
    expect(await json('dlq', 'replay', '--all')).toMatchObject({ replayed: ['default~one.middle'] })
  })

  it('discards only after a yes', async () => {
    await run('enqueue', file('gate'), '--id', 'one', '--wait')
    const refused = await run('dlq', 'discard', '--all')
    expect(refused).toMatchObject({ exit: 2, out: '' })
    expect(refused.err).toContain('Discard 1 dead letter?')
    expect(await json('dlq', 'list')).toHaveLength(1)
    expect(await json('dlq', 'discard', '--all', '--yes')).toEqual({ discarded: ['default~one.middle'], gone: [] })
    expect(await json('dlq', 'list')).toEqual([])
  })
})

/** A worker says that it lives. */
async function beat(): Promise<void> {
  const client = await connectBroker({ url: env.REDIS_URL, role: 'producer' })
  await publishHeartbeat(client, poolKeys(env.MILLRACE_NAMESPACE), 'w/1', {
    ...{ name: 'w', host: 'h', pid: 1, version: '1.2.3', startedAt: Date.now(), queues: ['default'], moves: [] },
    ...{ slots: { limit: 8, min: 4, max: 32, active: 3, taking: true }, cpu: 0, loopDelayMs: 0, breakers: [] },
    ...{ memory: { share: 0.5, rssBytes: 1, limitBytes: 2 }, tasks: [], succeeded: {} },
    unhealthy: [{ task: 'ledger.post', since: 1 }],
  })
  client.disconnect()
}

describe('millrace queue', () => {
  it('pauses a queue, so that nothing more is taken, and resumes it', async () => {
    await run('enqueue', file('work'), '--wait')
    expect(await json('queue', 'pause', 'default')).toEqual({ name: 'default', paused: true })
    await run('enqueue', file('work'), '--id', 'later')
    await beat()
    expect(await json('queue', 'list')).toMatchObject([{ name: 'default', paused: true, queued: 1, workers: 1 }])
    await run('queue', 'resume', 'default')
    expect(await run('watch', 'later')).toMatchObject({ exit: 0 })
  })

  it('does not pause a queue that nobody uses', async () => {
    await run('enqueue', file('work'), '--wait')
    const { exit, err } = await run('queue', 'pause', 'defualt')
    expect(exit).toBe(2)
    expect(err).toContain('Did you mean "default"?')
  })

  it('writes the events of BullMQ for who listens to them, once they are on', async () => {
    await run('enqueue', file('work'), '--id', 'silent', '--wait')
    expect(await json('queue', 'events', 'default', 'on')).toEqual({ name: 'default', events: true })
    await run('enqueue', file('work'), '--id', 'loud', '--wait')
    await run('queue', 'events', 'default', 'off')
    await run('enqueue', file('work'), '--id', 'silent-again', '--wait')
    const client = await connectBroker({ url: env.REDIS_URL, role: 'worker' })
    const events = new QueueEvents('default', {
      ...{ connection: client, prefix: poolKeys(env.MILLRACE_NAMESPACE).prefix, lastEventId: '0' },
    })
    const heard: string[] = []
    events.on('completed', ({ jobId }) => heard.push(jobId))
    await until(async () => heard.length === 3)
    expect(heard).toEqual(['loud.first', 'loud.middle', 'loud.last'])
    await events.close()
    client.disconnect()
  })
})

describe('millrace workers', () => {
  it('says so when there are none', async () => {
    const { exit, out, err } = await run('workers')
    expect([exit, out]).toEqual([0, ''])
    expect(err).toContain('No workers.')
  })

  it('lists those that there are, with what is wrong', async () => {
    await beat()
    expect((await run('workers')).out).toMatch(/^w +3\/8 .* unhealthy for ledger\.post$/m)
    expect(await json('workers')).toMatchObject([{ id: 'w/1', name: 'w', slots: { limit: 8 }, version: '1.2.3' }])
  })
})

describe('millrace pause and resume', () => {
  it('pause a workflow, list it, show it, and let it go on', async () => {
    await run('enqueue', file('wait'), '--id', 'one')
    expect(await run('pause', 'workflow', 'one')).toMatchObject({ exit: 0, err: 'The workflow one is paused.\n' })
    expect(await json('pause')).toMatchObject([{ kind: 'workflow', name: 'one', waiting: 0 }])
    expect((await run('status', 'one')).out).toMatch(/^one {2}paused\n/)
    expect((await run('pause', 'workflow', 'one')).err).toBe('The workflow one was paused before.\n')
    expect(await json('resume', 'workflow', 'one')).toEqual({ kind: 'workflow', name: 'one', paused: false })
    expect(await json('pause')).toEqual([])
  })

  it('pause a queue and a task by their names', async () => {
    await run('enqueue', file('work'), '--wait')
    expect((await run('pause', 'queue', 'default')).err).toBe('The queue default is paused.\n')
    expect((await run('pause', 'task', 'work')).exit).toBe(0)
    expect((await run('pause')).out).toMatch(/queue +default +0.*\ntask +work +0/)
    expect((await run('resume', 'queue', 'default')).err).toBe('The queue default goes on.\n')
  })

  it.each([
    [['pause', 'queue', 'defualt'], 'MILLRACE_USAGE'],
    [['pause', 'worker', 'w'], 'Allowed choices are queue, task, workflow'],
    [['pause', 'task'], 'missing the name of the task'],
    [['resume', 'workflow', 'nothing'], 'MILLRACE_WORKFLOW_NOT_FOUND'],
  ])('refuse %j', async (args, complaint) => {
    const { exit, err } = await run(...args)
    expect(exit).toBe(2)
    expect(err).toContain(complaint)
  })
})

describe('millrace queue capacity, tenant and enqueue --dedup-key', () => {
  it('refuse what has no room, with a time to try again, and take what was submitted before', async () => {
    expect((await run('queue', 'capacity', 'default', '5')).err).toContain('takes 5 jobs')
    const once = ['--dedup-key', 'k', '--dedup-ttl', '1h']
    expect(await json('enqueue', file('wait'), '--id', 'one', ...once)).toMatchObject({ created: true })
    expect(await json('enqueue', file('wait'), ...once)).toMatchObject({ id: 'one', created: false })
    await run('queue', 'capacity', 'default', '1')
    const { exit, out } = await run('enqueue', file('wait'), '--json')
    expect(exit).toBe(2)
    expect(JSON.parse(out).error).toMatchObject({ code: 'MILLRACE_QUEUE_FULL' })
    expect(await json('queue', 'list')).toMatchObject([{ name: 'default', capacity: 1 }])
    expect((await run('enqueue', file('wait'), '--dedup-key', 'k')).err).toContain('belong together')
  })

  it('show and set what a tenant may have', async () => {
    expect((await run('tenant', 'set', 'acme', '--queued', '5')).err).toBe('The tenant acme may have 5 in line.\n')
    expect(await json('tenant', 'list')).toMatchObject([
      { name: 'acme', queued: 0, quota: { queued: 5, active: null } },
    ])
    await run('enqueue', file('wait'), '--tenant', 'acme')
    await until(async () => (await json('tenant', 'list'))[0].queued === 2) // the first has ended, the second runs
    const { exit, err } = await run('enqueue', file('wait'), '--tenant', 'acme inc')
    expect([exit, err]).toEqual([2, expect.stringContaining('tenant is "acme inc", which is not a valid name')])
    worker.release()
    await until(async () => (await json('tenant', 'list'))[0].queued === 0)
    expect((await run('tenant', 'set', 'acme')).exit).toBe(0)
    expect(await json('tenant', 'list')).toEqual([])
  })
})

describe('millrace schedule', () => {
  it('adds, lists, replaces and removes a schedule', async () => {
    const added = await run('schedule', 'add', 'nightly', file('work'), '--cron', '0 3 * * *', '--tz', 'Europe/Zurich')
    expect(added.err).toMatch(/^The schedule nightly was added; its next run is at /)
    expect(added.exit).toBe(0)
    const again = ['schedule', 'add', 'nightly', file('work'), '--cron', '30 4 * * *', '--set', 'day=1']
    expect(await json(...again)).toMatchObject({
      created: false,
      cron: '30 4 * * *',
      overlap: 'skip',
      inputs: { day: 1 },
    })
    const [only, ...others] = await json('schedule', 'list')
    expect(others).toEqual([])
    expect(only).toMatchObject({ name: 'nightly', workflow: 'work', last: null })
    expect(new Date(only.nextAt).toISOString()).toMatch(/T04:30:00.000Z$/)
    expect((await run('schedule', 'list')).out).toMatch(/nightly +30 4 \* \* \* UTC +work/)
    expect((await run('schedule', 'remove', 'nightly')).exit).toBe(0)
    expect((await run('schedule', 'remove', 'nightly')).err).toContain('MILLRACE_SCHEDULE_NOT_FOUND')
    expect(await json('schedule', 'list')).toEqual([])
  })

  it.each([
    [['--cron', '61 * * * *'], '"61 * * * *": Constraint error, got value 61'],
    [['--cron', '* * * *'], 'which has 4 fields; it needs five'],
    [['--cron', '0 3 * * *', '--tz', 'Mars/Olympus'], 'there is no time zone "Mars/Olympus"'],
    [['--cron', '0 3 * * *', '--every', '1h'], 'either a cron expression or an interval'],
    [['--every', '10ms'], 'it may be from 1 s'],
    [[], 'either a cron expression or an interval'],
  ])('refuses %j', async (args, complaint) => {
    const { exit, err } = await run('schedule', 'add', 'nightly', file('work'), ...args)
    expect(exit).toBe(2)
    expect(err).toContain('MILLRACE_SCHEDULE_INVALID')
    expect(err).toContain(complaint)
  })
})
