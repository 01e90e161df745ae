import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defineCase } from '../../runner/case.ts'
import type { Machine } from '../../runner/machine.ts'
import { outcomesOf } from '../../runner/outcome.ts'
import { writeReport } from '../../runner/report.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-results-'))
afterAll(() => rmSync(folder, { recursive: true }))

const one = defineCase({
  name: 'hop',
  measures: 'A hop.',
  rows: { ms: { what: 'per hop', unit: 'ms', target: { of: 'ratio', atMost: 1.1 } } },
  ours: async () => ({ ms: 3 }),
  raw: async () => ({ ms: 2 }),
})
const machine: Machine = {
  at: '2026-11-20T12:00:00.000Z',
  commit: 'abc1234',
  node: '24.0.0',
  bullmq: '6.7.0',
  ioredis: '6.0.0',
  redis: '7.0.15',
  os: 'Linux 6',
  cpu: 'a processor',
  cores: 2,
  memoryGiB: 8,
  loadBefore: 0.5,
}

describe('a saved result', () => {
  it('is a page and every sample, named for its day and its description', () => {
    const rows = outcomesOf(one, { ours: [{ ms: 3 }], raw: [{ ms: 2 }] })
    const failed = [{ case: 'depth', error: 'a job was lost' }]
    const files = writeReport({ machine, runs: 1, quick: false, rows, failed }, [one], 'After batching!', folder)
    expect(files.map((file) => basename(file))).toEqual([
      '2026-11-20-after-batching.json',
      '2026-11-20-after-batching.md',
    ])
    const [json = '', page = ''] = files.map((file) => readFileSync(file, 'utf8'))
    expect(JSON.parse(json).rows[0].samples).toEqual({ ours: [3], raw: [2] })
    expect(page).toContain('| per hop | ms | 3.00 | 2.00 | 1.500 | 1.50–1.50 | ≤ 1.1 | NO |')
    expect(page).toContain('**depth failed:** a job was lost')
    expect(page).toContain('Redis 7.0.15')
  })
})
