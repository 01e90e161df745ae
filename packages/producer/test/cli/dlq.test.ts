import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer, type Producer } from '../../src/index.ts'
import { millrace } from './millrace.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }
let folder: string
let producer: Producer
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-dlq-'))
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
  producer = await createProducer({ connection: env.REDIS_URL, namespace: env.MILLRACE_NAMESPACE })
  await producer.deadLetters.import(['a', 'b', 'c'].map(line))
})
afterEach(async () => {
  await producer.close()
  rmSync(folder, { recursive: true })
})

const dlq = (...args: string[]) => millrace(['dlq', ...args], { env })

function line(job: string): string {
  const jobId = `nightly-1.${job}`
  const past = { worker: 'w1', code: 'CARD_EXPIRED', message: `card ${job} expired`, startedAt: 1_000, failedAt: 3_500 }
  return JSON.stringify({
    id: `default~${jobId}`,
    letter: {
      ...{ queue: 'default', jobId, task: 'charge', code: 'CARD_EXPIRED', message: `card ${job} expired` },
      ...{ severity: 'medium', category: 'handler', fingerprint: '0123456789ab', attempts: 2, worker: 'w1' },
      ...{ submittedAt: 500, startedAt: 3_000, failedAt: 3_500, context: null, stack: ['Error: expired'] },
      history: [1, 2].map((attempt) => ({ attempt, fencingToken: attempt, ...past })),
      data: { workflow: 'nightly-1', workflowName: 'nightly', job, tenant: 'acme', needs: {}, with: { amount: 3 } },
    },
  })
}

describe('millrace dlq', () => {
  it('lists a page, and says how to see the next', async () => {
    const first = await dlq('list', '--limit', '2')
    expect(first.out).toMatch(/nightly-1\.c .*\n.*nightly-1\.b /)
    const place = /--after (\d+)/.exec(first.err)?.[1] as string
    const rest = await dlq('list', '--limit', '2', '--after', place, '--json')
    expect(JSON.parse(rest.out).map(({ job }: { job: string }) => job)).toEqual(['a'])
    expect(rest.err).toBe('')
  })

  it('finds by text, tenant and fingerprint', async () => {
    const found = await dlq('list', '--text', 'CARD B', '--tenant', 'acme', '--fingerprint', '0123456789ab', '--json')
    expect(JSON.parse(found.out)).toMatchObject([{ job: 'b', tenant: 'acme' }])
  })

  it('groups by fingerprint, with what to do', async () => {
    const { out } = await dlq('stats')
    expect(out).toContain('0123456789ab     3')
    expect(out).toContain('mend-code')
    const groups = JSON.parse((await dlq('stats', '--json')).out)
    expect(groups).toMatchObject([
      { letters: 3, tenants: [{ name: 'acme', letters: 3 }], advice: { remedy: 'mend-code' } },
    ])
  })

  it('tells the whole story of one', async () => {
    const { out } = await dlq('show', 'default~nightly-1.a')
    for (const told of ['tenant', 'acme', 'removed: it cannot be replayed', 'attempts', '2.5 s', '"amount": 3'])
      expect(out).toContain(told)
  })

  it('exports lines that are imported elsewhere', async () => {
    const { out, err } = await dlq('export', '--text', 'card a')
    expect(out).toBe(`${line('a')}\n`)
    expect(err).toBe('1 exported.\n')
    const file = join(folder, 'letters.ndjson')
    writeFileSync(file, `${out}nonsense\n`)
    await producer.deadLetters.discard({ filter: {} })
    const imported = await dlq('import', file)
    expect(imported.exit).toBe(2)
    expect(imported.err).toContain('line 2: is not JSON')
    expect(imported.err).toContain('1 imported; 1 lines refused.')
    const piped = await millrace(['dlq', 'import', '-', '--json'], { env, stdin: line('b') })
    expect(JSON.parse(piped.out)).toEqual({ imported: 1, there: 0, alive: 0, refused: 0, problems: [] })
    expect(await dlq('import', join(folder, 'nothing'))).toMatchObject({ exit: 2 })
  })

  it('discards for a reason, which the audit log keeps', async () => {
    const args = ['--text', 'card b', '--yes', '--reason', 'a closed shop', '--json']
    expect(JSON.parse((await dlq('discard', ...args)).out)).toEqual({ discarded: ['default~nightly-1.b'], gone: [] })
    const [entry] = await producer.audit.list({ action: 'discard' })
    expect(entry).toMatchObject({
      subject: 'default~nightly-1.b',
      count: 1,
      via: 'cli',
      after: { reason: 'a closed shop' },
    })
  })

  it('says how long letters are kept', async () => {
    const { out, err } = await dlq('retention', 'default', '--age', '30d', '--count', '1000')
    expect(out).toContain('default')
    expect(out).toContain('30 d 00 h')
    expect(err).toContain('1000000 dead letters')
    expect(JSON.parse((await dlq('retention', '--json')).out)).toEqual([
      { queue: 'default', ageMs: 2_592_000_000, count: 1_000 },
    ])
    expect(JSON.parse((await dlq('retention', 'default', '--default', '--json')).out)).toEqual([])
    expect(await dlq('retention', 'default')).toMatchObject({ exit: 2 })
  })
})
