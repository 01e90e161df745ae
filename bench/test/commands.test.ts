import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const BENCH = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (command: string, ...args: string[]) => {
  const env = { ...process.env, INIT_CWD: folder }
  return spawnSync(process.execPath, [join(BENCH, command), ...args], { encoding: 'utf8', env })
}

describe('the command', () => {
  it('bench:workflows names every problem of every file before anything runs', () => {
    writeFileSync(join(folder, 'words.json'), 'no JSON')
    writeFileSync(join(folder, 'empty.json'), '{}')
    const { status, stderr, stdout } = run('workflows.ts', 'words.json', 'empty.json', 'absent.json')
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/words\.json: it is no JSON.*empty\.json: schemaVersion: .*absent\.json: ENOENT/s)
  })

  it('bench --list prints every benchmark with what it measures, and starts nothing', () => {
    const { status, stdout } = run('bench.ts', '--list')
    expect(status).toBe(0)
    expect(stdout).toContain('chain\n    One chain in which each job needs the one before')
  })

  it('bench says that a filter fits nothing', () => {
    const { status, stderr } = run('bench.ts', 'no-such-benchmark')
    expect(status).toBe(2)
    expect(stderr).toContain('No benchmark has no-such-benchmark in its name')
  })
})
