import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../../src/index.ts'
import { millrace } from './millrace.ts'
import { openWorker } from './pool.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string; MILLRACE_PRODUCER_ACTOR: string }
let worker: Awaited<ReturnType<typeof openWorker>>
let pool: Producer
beforeEach(async () => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace(), MILLRACE_PRODUCER_ACTOR: 'ann' }
  worker = await openWorker(env.REDIS_URL, env.MILLRACE_NAMESPACE)
  pool = await createProducer({ connection: env.REDIS_URL, namespace: env.MILLRACE_NAMESPACE })
  const jobs = { a: { task: 'work' }, b: { task: 'work', needs: 'a' }, c: { task: 'work', needs: ['a', 'b'] } }
  await pool.submit({ name: 'nightly', jobs }, { id: 'one' })
  for await (const event of pool.watch('one')) void event
})
afterEach(async () => {
  await pool.close()
  await worker.close()
})

const run = (...args: string[]) => millrace(args, { env })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

describe('millrace rerun', () => {
  it('prints the id of the new workflow; status shows where the jobs ran and names the other workflow', async () => {
    const { out, err, exit } = await run('rerun', 'one', '--from', 'b')
    expect(exit).toBe(0)
    expect(err).toContain('2 jobs of one run again; the output of 1 other is kept.')
    const id = out.trim()
    for await (const event of pool.watch(id)) void event
    const status = (await run('status', id)).out
    expect(status).toMatch(/rerun of +one from b/)
    expect(status).toContain('ran in one')
    expect((await run('status', 'one')).out).toMatch(new RegExp(`run again as +${id}`))
    expect(await json('audit', 'list', '--action', 'rerun')).toMatchObject([
      { actor: 'ann', subject: 'workflow one', count: 2, via: 'cli', after: { from: 'b', rerun: id } },
    ])
  })

  it('says what would happen, and does nothing, with --dry-run', async () => {
    const report = { id: null, created: false, of: 'one', from: 'b', again: ['b', 'c'], carried: ['a'], left: [] }
    expect(await json('rerun', 'one', '--from', 'b', '--dry-run')).toEqual(report)
    expect(await pool.list()).toHaveLength(1)
    expect(await pool.audit.list({ action: 'rerun' })).toEqual([])
  })

  it('takes an id, and is the same rerun when it is repeated', async () => {
    expect(await json('rerun', 'one', '--from', 'c', '--id', 'two')).toMatchObject({ id: 'two', created: true })
    expect(await json('rerun', 'one', '--from', 'c', '--id', 'two')).toMatchObject({ id: 'two', created: false })
    expect(await pool.list()).toHaveLength(2)
  })

  it.each([
    [['one', '--from', 'x'], 'MILLRACE_RERUN_REFUSED', 'there is no job "x"'],
    [['none', '--from', 'a'], 'MILLRACE_WORKFLOW_NOT_FOUND', 'no workflow "none"'],
    [['one', '--from', 'a', '--id', 'a b'], 'MILLRACE_WORKFLOW_NAME', 'The id is "a b"'],
    [['one'], 'MILLRACE_USAGE', '--from'],
  ])('refuses %j', async (args, code, words) => {
    const { exit, err } = await run('rerun', ...args)
    expect(exit).toBe(2)
    expect(err).toContain(words)
    expect((await json('rerun', ...args)).error).toMatchObject({ code })
  })
})
