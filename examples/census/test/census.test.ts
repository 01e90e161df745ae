import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createProducer, type Producer } from '@millrace/producer'
import type { WorkflowSummary } from '@millrace/shared'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { createWorker, loadTasks } from '@millrace/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDuplicates } from '../census/duplicates.ts'
import type { Summary } from '../census/summary.ts'
import { hostileFolder } from './hostile-folder.ts'

const WORKFLOW = readFileSync(resolve(import.meta.dirname, '../census.workflow.yaml'), 'utf8')
const out = mkdtempSync(join(tmpdir(), 'census-out-'))
const namespace = freshNamespace()
let producer: Producer
let worker: Awaited<ReturnType<typeof createWorker>>
beforeAll(async () => {
  producer = await createProducer({ connection: brokerUrl(), namespace })
  const tasks = await loadTasks(resolve(import.meta.dirname, '../tasks'))
  worker = await createWorker({ tasks, connection: brokerUrl(), namespace, concurrency: 4 })
})
afterAll(async () => {
  await worker.close()
  await producer.close()
  rmSync(out, { recursive: true, force: true })
})

async function census(
  folder: string,
  name: string,
  chunk = 3,
): Promise<{ state: string; report: Summary; page: string }> {
  const target = join(out, name)
  const { id } = await producer.submit(WORKFLOW, { inputs: { folder, out: target, chunk } })
  let last: WorkflowSummary | undefined
  for await (const event of producer.watch(id)) if (event.kind === 'workflow') last = event.summary
  expect(last?.state).toBe('succeeded')
  const report = JSON.parse(readFileSync(join(target, 'report.json'), 'utf8')) as Summary
  return { state: last?.state ?? '', report, page: readFileSync(join(target, 'report.html'), 'utf8') }
}

const shell = (command: string) =>
  execFileSync('bash', ['-c', command], {
    encoding: 'latin1',
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: 'C' },
  })

describe('a census of a hostile folder', () => {
  const folder = hostileFolder()
  afterAll(() => folder.remove())

  it('equals what find, wc and sha256sum say', async () => {
    const { report } = await census(folder.path, 'hostile')
    expect(report.files).toBe(Number(shell(`${report.findCommand} | tr -dc '\\0' | wc -c`)))
    expect(report.bytes).toBe(Number(shell(`${report.findCommand} | xargs -0 cat | wc -c`)))
    // wc counts newlines of binary files too: without the one binary file the sums are the same
    expect(report.lines).toBe(Number(shell(`${report.findCommand} | grep -zav binary.bin | xargs -0 cat | wc -l`)))
    const sums = shell(`${report.findCommand} | xargs -0 sha256sum -z`).split('\0').filter(Boolean)
    const bySum = Map.groupBy(sums, (line) => line.replace(/^\\/, '').slice(0, 64))
    const doubled = [...bySum].filter(([, lines]) => lines.length > 1).map(([sum]) => sum)
    expect(report.duplicates.worst.map(({ sha256 }) => sha256)).toEqual(doubled)
    for (const { sha256 } of report.largest) expect([...bySum.keys()]).toContain(sha256)
  })

  it('counts links and pipes, and opens neither', async () => {
    const { report } = await census(folder.path, 'kinds')
    expect(report).toMatchObject({ links: 3, others: 1, binary: 1, unreadableCount: 0 })
  })

  it('shows names as text: nothing of them becomes markup, and nothing is loaded', async () => {
    const { page } = await census(folder.path, 'page')
    expect(page).not.toMatch(/<b>&|<script|src=|href=|url\(/)
    expect(page).toContain('&quot;quotes&quot; &lt;b&gt;&amp;.html')
    expect(page).toContain('with\\nnewline.txt')
  })

  it('says the same however the files are cut into chunks', async () => {
    const [one, many] = [await census(folder.path, 'one', 1), await census(folder.path, 'many', 1_000)]
    expect(one.report).toEqual(many.report)
  })
})

describe('a census of an empty folder', () => {
  it('is a report of nothing', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'census-empty-'))
    const { report, page } = await census(empty, 'empty')
    expect(report).toMatchObject({ files: 0, lines: 0, bytes: 0, languages: [] })
    expect(page).toContain('There are no files.')
    rmSync(empty, { recursive: true })
  })
})

describe('duplicates', () => {
  const file = (path: string, bytes: number, sha256: string) => ({ path, bytes, lines: 1, sha256 })
  it('are files with the same content; all but one of them are waste', () => {
    const found = findDuplicates([file('a', 10, 'x'), file('b', 10, 'x'), file('c', 10, 'x'), file('d', 7, 'y')])
    expect(found).toMatchObject({ groups: 1, wasted: 20, worst: [{ files: 3, paths: ['a', 'b', 'c'] }] })
  })
  it('are not files that are empty', () => {
    expect(findDuplicates([file('a', 0, 'x'), file('b', 0, 'x')])).toMatchObject({ groups: 0, wasted: 0 })
  })
})
