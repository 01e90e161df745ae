import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../../src/index.ts'
import { millrace } from './millrace.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }
let producer: Producer
beforeEach(async () => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
  producer = await createProducer({ connection: env.REDIS_URL, namespace: env.MILLRACE_NAMESPACE, actor: 'ada' })
  await producer.submit(
    { name: 'nightly', jobs: { a: { task: 't' }, b: { task: 't', needs: 'a' } } },
    { id: 'nightly' },
  )
})
afterEach(() => producer.close())

const run = (...args: string[]) => millrace(['why', ...args], { env })

describe('millrace why', () => {
  it('tells a job every reason, what lifts it, and that the start is unknown', async () => {
    await producer.pauses.pause('workflow', 'nightly')
    const { exit, out } = await run('nightly.b')
    expect(exit).toBe(0)
    expect(out).toMatch(/^nightly\.b {2}waiting {2}task t, queue default, normal\n/)
    expect(out).toContain('  - It waits for 1 need: a (queued).\n')
    expect(out).toMatch(
      / {2}- The workflow "nightly" is paused by ada, .* ago\.\n {4}millrace resume workflow nightly\n/,
    )
    expect(out).toMatch(/\nStart {2}Unknown: nobody can say when its needs end\.\n/)
  })

  it('tells a workflow what its next jobs wait for, a queue how full it is, and a schedule when it is due', async () => {
    await producer.schedules.add('hourly', {
      cron: '0 * * * *',
      workflow: { name: 'hour', jobs: { a: { task: 't' } } },
    })
    expect((await run('nightly')).out).toMatch(/COULD BE NEXT\n1 job {2}a\n {2}- No live worker has the task "t"/)
    expect((await run('default')).out).toMatch(/\nqueued {4}1: 1 normal\n/)
    const { out } = await run('hourly')
    expect(out).toMatch(/^hourly {2}schedule\n\n {2}- No live worker is there/)
    expect(out).toMatch(/ {2}- Its next run is due in .* \(until \d\d:00:00\)\n/)
  })

  it('gives all of it to programs', async () => {
    expect(JSON.parse((await run('default~nightly.b', '--json')).out)).toMatchObject({
      kind: 'job',
      state: 'waiting',
      reasons: [
        { code: 'needs-open', data: { open: 1, needs: [{ job: 'a', state: 'queued' }] } },
        { code: 'no-worker' },
      ],
      start: { at: null },
    })
  })

  it('says what it expected when nothing is called so', async () => {
    const { exit, err } = await run('defualt')
    expect(exit).toBe(2)
    expect(err).toContain('Nothing is called "defualt"')
    expect(err).toContain('Did you mean "default"?')
  })
})

describe('why, in code', () => {
  it('refuses what does not exist with a code of its own', async () => {
    await expect(producer.why.job('nightly', 'x')).rejects.toMatchObject({ code: 'MILLRACE_JOB_NOT_FOUND' })
    await expect(producer.why.workflow('x')).rejects.toMatchObject({ code: 'MILLRACE_WORKFLOW_NOT_FOUND' })
    await expect(producer.why.queue('x')).rejects.toMatchObject({ code: 'MILLRACE_USAGE' })
  })
})
