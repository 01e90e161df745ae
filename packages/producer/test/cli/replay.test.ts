import { connectBroker, driveReplays, poolKeys, publishInputSchemas } from '@millrace/shared'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../../src/index.ts'
import { millrace } from './millrace.ts'
import { openWorker } from './pool.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string; MILLRACE_PRODUCER_ACTOR: string }
let worker: Awaited<ReturnType<typeof openWorker>>
let pool: Producer
let end: () => Promise<void>

beforeEach(async () => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace(), MILLRACE_PRODUCER_ACTOR: 'ann' }
  worker = await openWorker(env.REDIS_URL, env.MILLRACE_NAMESPACE)
  pool = await createProducer({ connection: env.REDIS_URL, namespace: env.MILLRACE_NAMESPACE, actor: 'bob' })
  const client = await connectBroker({ url: env.REDIS_URL, role: 'worker' })
  const driver = driveReplays({ client, keys: poolKeys(env.MILLRACE_NAMESPACE), log: { warn: () => {} } })
  end = async () => {
    await driver.stop()
    client.disconnect()
  }
})
afterEach(async () => {
  await end()
  await pool.close()
  await worker.close()
})

const run = (...args: string[]) => millrace(args, { env })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

/** A workflow of jobs that are dead, with one that was skipped. */
async function deadJobs(count: number): Promise<void> {
  const jobs = Object.fromEntries(Array.from({ length: count }, (_, i) => [`j${i}`, { task: 'gate' }]))
  await pool.submit({ name: 'gates', jobs: { ...jobs, last: { task: 'work', needs: 'j0' } } }, { id: 'one' })
  for await (const event of pool.watch('one')) void event
}

describe('millrace dlq replay, at a pace', () => {
  it('says what would happen and does nothing with --dry-run', async () => {
    await deadJobs(3)
    expect(await json('dlq', 'replay', '--all', '--dry-run', '--rate', '2/s')).toMatchObject({
      ...{ replayed: 3, refused: 0, byTask: { gate: 3 }, byQueue: { default: 3 }, unskipped: 1, durationMs: 1_500 },
    })
    expect((await run('dlq', 'replay', '--all', '--dry-run')).out).toContain('3 jobs would go back to their queues')
    expect((await pool.deadLetters.query()).letters).toHaveLength(3)
  })

  it('waits for the pool to do it, and shows it afterwards', async () => {
    await deadJobs(6)
    worker.broken.clear()
    const { exit, err } = await run('dlq', 'replay', '--workflow', 'one', '--rate', '50/s', '--canary', '2')
    expect(err).toContain('6 of 6 replayed, 6 succeeded')
    expect(exit).toBe(0)
    expect(await json('dlq', 'replay', '--status')).toMatchObject([{ state: 'done', actor: 'ann', succeeded: 6 }])
    expect(await pool.get('one')).toMatchObject({ state: 'succeeded' })
  })

  it('ends with 1 when the canary failed, and leaves the rest', async () => {
    await deadJobs(6)
    const { exit, err } = await run('dlq', 'replay', '--all', '--canary', '2')
    expect(exit).toBe(1)
    expect(err).toMatch(/stopped, its canary failed: [12] of 6 replayed/)
    expect(err).toMatch(/[45] left as they were/)
  })

  it('is paused, resumed and stopped from another terminal', async () => {
    await deadJobs(4)
    const { id } = await json('dlq', 'replay', '--all', '--rate', '1/m', '--detach')
    expect(await json('dlq', 'replay', '--pause', id)).toMatchObject({ id, state: 'paused' })
    expect(await json('dlq', 'replay', '--resume', id)).toMatchObject({ id, state: 'running' })
    expect(await json('dlq', 'replay', '--stop', id)).toMatchObject({ id, state: 'stopped', why: 'operator', left: 4 })
    expect(await json('dlq', 'replay', '--resume', id)).toMatchObject({ error: { code: 'MILLRACE_USAGE' } })
    expect(await json('dlq', 'replay', '--stop', 'nothing')).toMatchObject({
      error: { code: 'MILLRACE_REPLAY_NOT_FOUND' },
    })
  })

  it.each([
    ['--rate', 'fast', 'Expected a rate such as 50/s'],
    ['--stop-if', 'often', 'expected failed>10%'],
  ])('refuses %s %s', async (flag, value, words) => {
    const { exit, err } = await run('dlq', 'replay', '--all', flag, value)
    expect(exit).toBe(2)
    expect(err).toContain(words)
  })
})

describe('millrace retry', () => {
  it('runs again what is dead, skipped or cancelled, and leaves an entry in the audit log', async () => {
    await deadJobs(2)
    worker.broken.clear()
    expect(await json('retry', 'one')).toMatchObject({ replayed: { length: 2 }, revived: 0 })
    for await (const event of pool.watch('one')) void event
    expect(await pool.get('one')).toMatchObject({ state: 'succeeded', jobs: { succeeded: 3 } })
    expect((await run('retry', 'one')).err).toContain('has nothing to run again')
    await pool.submit({ name: 'later', jobs: { a: { task: 'work', delay: '1h' }, b: { task: 'work' } } }, { id: 'two' })
    await pool.cancel('two')
    expect((await run('retry', 'two')).exit).toBe(0)
    expect(await pool.get('two')).toMatchObject({ state: 'running' })
    expect((await run('retry', 'nothing')).exit).toBe(2)
    expect(await json('audit', 'list', '--by', 'ann', '--action', 'retry')).toMatchObject([
      { subject: 'workflow two' },
      { subject: 'workflow one', count: 0 },
      { subject: 'workflow one', count: 2, via: 'cli' },
    ])
    const { out } = await run('audit', 'export', '--since', '1h', '--action', 'retry')
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).count),
    ).toHaveLength(3)
  })
})

describe('millrace dlq edit', () => {
  const id = 'default~one.j0'
  const letter = async () => (await pool.deadLetters.get(id))?.input

  it('changes the input, keeps what it was in the audit log, and replays', async () => {
    await deadJobs(2)
    const shown = await run('dlq', 'edit', id, '--set', 'customer.id=7', '--dry-run')
    expect(shown.err).toContain('+ .: {"customer":{"id":7}}')
    expect(await letter()).toBeUndefined()
    expect((await run('dlq', 'edit', id, '--set', 'customer.id=7', '--yes')).exit).toBe(0)
    expect(await letter()).toEqual({ customer: { id: 7 } })
    worker.broken.clear()
    expect(await json('dlq', 'edit', id, '--set', 'customer.id=8', '--replay', '--yes')).toMatchObject({
      edited: [{ id, before: { customer: { id: 7 } }, after: { customer: { id: 8 } } }],
      replayed: [id],
    })
    expect(await json('audit', 'list', '--action', 'edit')).toMatchObject([
      { actor: 'ann', subject: `dead letter ${id}`, before: { customer: { id: 7 } }, after: { customer: { id: 8 } } },
      { before: null, after: { customer: { id: 7 } } },
    ])
  })

  it('changes all that match or, when one does not fit, none', async () => {
    await deadJobs(2)
    await pool.deadLetters.edit({ ids: [id] }, { set: { a: 1 } })
    const patch = [{ op: 'replace', path: '/a', value: 2 }] as const
    await expect(pool.deadLetters.edit({ filter: { task: 'gate' } }, { patch })).rejects.toThrow(
      /^Nothing was changed\.\n.*\(default~\S+\)$/,
    )
    expect(await letter()).toEqual({ a: 1 })
    const both = await pool.deadLetters.edit({ filter: { task: 'gate' } }, { set: { a: 3 } })
    expect(both.edited).toHaveLength(2)
    expect(await letter()).toEqual({ a: 3 })
  })

  it('checks what it becomes by what the workers take, and changes nothing when one does not fit', async () => {
    await deadJobs(2)
    const client = await connectBroker({ url: env.REDIS_URL, role: 'worker' })
    const object = {
      type: 'object',
      properties: { amount: { type: 'number', minimum: 1 }, kind: { enum: ['a', 'b'] } },
    }
    const schema = { ...object, required: ['amount'], additionalProperties: false }
    await publishInputSchemas(client, poolKeys(env.MILLRACE_NAMESPACE), '1', new Map([['gate', schema]]))
    client.disconnect()
    const { exit, err } = await run('dlq', 'edit', id, '--set', 'kind=c', '--set', 'more=1', '--yes')
    expect(exit).toBe(2)
    for (const problem of [
      `  amount: expected a value, received nothing  (${id})`,
      `  kind: expected one of "a", "b", received "c"  (${id})`,
      `  more: expected no such field, but amount, kind, received 1  (${id})`,
    ]) {
      expect(err).toContain(problem)
    }
    expect((await run('dlq', 'edit', id, '--set', 'amount="7"', '--yes')).err).toContain(
      'amount: expected number, received "7"',
    )
    expect(await letter()).toBeUndefined()
    expect(await json('dlq', 'edit', id, '--set', 'amount=7', '--yes')).toMatchObject({
      edited: [{ id, after: { amount: 7 } }],
      unchecked: [],
    })
  })

  it('says what could not be checked', async () => {
    await deadJobs(1)
    const { err, exit } = await run('dlq', 'edit', id, '--set', 'a=1', '--yes')
    expect(exit).toBe(0)
    expect(err).toContain('not checked: gate: no worker has told what input it takes.')
    const reference = await json('dlq', 'edit', id, '--set', 'a=${{ needs.x.output }}', '--dry-run')
    expect(reference.unchecked).toEqual([
      { task: 'gate', why: 'its input has references to outputs, which only the worker has' },
    ])
  })

  it('opens the input of one in $EDITOR', async () => {
    await deadJobs(1)
    const editor = `sh -c 'echo "[1, 2]" > "$1"' edit`
    const { exit } = await millrace(['dlq', 'edit', id, '--edit', '--yes'], { env: { ...env, EDITOR: editor } })
    expect(exit).toBe(0)
    expect(await letter()).toEqual([1, 2])
    const broken = await millrace(['dlq', 'edit', id, '--edit', '--yes'], { env: { ...env, EDITOR: 'false' } })
    expect(broken.exit).toBe(2)
    expect(await letter()).toEqual([1, 2])
  })
})
