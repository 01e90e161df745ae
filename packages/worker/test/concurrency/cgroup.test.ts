import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCgroup } from '../../src/concurrency/readings/cgroup.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
}

const V2 = {
  'sys/fs/cgroup/cgroup.controllers': 'cpu memory',
  'proc/self/cgroup': '0::/',
  'sys/fs/cgroup/memory.max': '1000000',
  'sys/fs/cgroup/memory.current': '700000',
  'sys/fs/cgroup/memory.stat': 'anon 400000\ninactive_file 200000\nactive_file 50000\nslab_reclaimable 50000',
  'sys/fs/cgroup/cpu.max': '150000 100000',
  'sys/fs/cgroup/cpu.stat': 'usage_usec 3000000\nuser_usec 1',
}

describe('the limits of a container', () => {
  it('are read from cgroup v2; what the kernel can take back does not count as used', () => {
    write(V2)
    const cgroup = openCgroup(root)
    expect(cgroup.memory()).toEqual({ usedBytes: 400_000, limitBytes: 1_000_000 })
    expect(cgroup.cpu()).toEqual({ usedMs: 3_000, cores: 1.5 })
  })

  it('are those of the own group where the host shows it', () => {
    write({
      ...V2,
      'proc/self/cgroup': '0::/pool',
      'sys/fs/cgroup/pool/memory.max': '500',
      'sys/fs/cgroup/pool/memory.current': '5',
    })
    expect(openCgroup(root).memory()).toEqual({ usedBytes: 5, limitBytes: 500 })
  })

  it('are absent where the group has none', () => {
    write({ ...V2, 'sys/fs/cgroup/memory.max': 'max', 'sys/fs/cgroup/cpu.max': 'max 100000' })
    expect([openCgroup(root).memory(), openCgroup(root).cpu()]).toEqual([undefined, undefined])
  })

  it('are read from cgroup v1', () => {
    write({
      'proc/self/cgroup': '5:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '1000000',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '700000',
      'sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 100000\ntotal_active_file 100000',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '200000',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      'sys/fs/cgroup/cpuacct/cpuacct.usage': '5000000000',
    })
    const cgroup = openCgroup(root)
    expect(cgroup.memory()).toEqual({ usedBytes: 500_000, limitBytes: 1_000_000 })
    expect(cgroup.cpu()).toEqual({ usedMs: 5_000, cores: 2 })
  })

  it('are absent without cgroups, and where v1 says no limit by a number beyond any machine', () => {
    expect(openCgroup(root).memory()).toBeUndefined()
    write({
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '1',
    })
    expect(openCgroup(root).memory()).toBeUndefined()
  })
})
