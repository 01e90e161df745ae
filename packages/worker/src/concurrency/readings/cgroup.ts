import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The limits of the container that this process is in; absent where there is none. */
export interface Cgroup {
  memory(): { readonly usedBytes: number; readonly limitBytes: number } | undefined
  cpu(): { readonly usedMs: number; readonly cores: number } | undefined
}

/** A limit beyond any machine is cgroup v1's way to say that there is none. */
const NO_LIMIT = 2 ** 50

/**
 * Reads cgroup v2, else v1. Memory that the kernel can take back, such as the cache of files, does not count as used.
 *
 * @param root of the file system, `/` but in tests.
 */
export function openCgroup(root = '/'): Cgroup {
  const read = (...path: string[]): string | undefined => {
    try {
      return readFileSync(join(root, ...path), 'utf8').trim()
    } catch {
      return undefined
    }
  }
  const own = membership(read('proc/self/cgroup') ?? '')
  // inside a container the path in /proc is often that of the host, and the container's own folder is the root
  const folder = (...mount: string[]) => {
    const [last] = mount.slice(-1)
    const below = join('sys/fs/cgroup', ...mount, own.get(last ?? '') ?? '')
    return existsSync(join(root, below)) ? below : join('sys/fs/cgroup', ...mount)
  }
  if (read('sys/fs/cgroup/cgroup.controllers') !== undefined) return v2(folder(), read)
  return v1({ memory: folder('memory'), cpu: folder('cpu'), cpuacct: folder('cpuacct') }, read)
}

type Read = (...path: string[]) => string | undefined

function v2(folder: string, read: Read): Cgroup {
  return {
    memory() {
      const [limit, used] = [numberOf(read(folder, 'memory.max')), numberOf(read(folder, 'memory.current'))]
      if (limit === undefined || used === undefined) return undefined
      const stat = fields(read(folder, 'memory.stat'))
      const cached = sum(stat, 'inactive_file', 'active_file', 'slab_reclaimable')
      return { usedBytes: Math.max(0, used - cached), limitBytes: limit }
    },
    cpu() {
      const [quota, period] = (read(folder, 'cpu.max') ?? '').split(' ').map(numberOf)
      const used = fields(read(folder, 'cpu.stat')).get('usage_usec')
      if (!quota || !period || used === undefined) return undefined
      return { usedMs: used / 1_000, cores: quota / period }
    },
  }
}

function v1(folders: { memory: string; cpu: string; cpuacct: string }, read: Read): Cgroup {
  return {
    memory() {
      const limit = numberOf(read(folders.memory, 'memory.limit_in_bytes'))
      const used = numberOf(read(folders.memory, 'memory.usage_in_bytes'))
      if (limit === undefined || limit > NO_LIMIT || used === undefined) return undefined
      const cached = sum(fields(read(folders.memory, 'memory.stat')), 'total_inactive_file', 'total_active_file')
      return { usedBytes: Math.max(0, used - cached), limitBytes: limit }
    },
    cpu() {
      const quota = numberOf(read(folders.cpu, 'cpu.cfs_quota_us'))
      const period = numberOf(read(folders.cpu, 'cpu.cfs_period_us'))
      const used = numberOf(read(folders.cpuacct, 'cpuacct.usage'))
      if (quota === undefined || quota <= 0 || !period || used === undefined) return undefined
      return { usedMs: used / 1e6, cores: quota / period }
    },
  }
}

/** `4:memory:/docker/abc` by controller; the one of v2 under the empty name. */
function membership(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
  return new Map(
    lines.flatMap((match) => (match?.[1] ?? '').split(',').map((name) => [name, match?.[2] ?? ''] as const)),
  )
}

/** Undefined for `max`, for text and for nothing. */
const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined

const fields = (text = ''): Map<string, number> =>
  new Map(text.split('\n').map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]))

const sum = (values: ReadonlyMap<string, number>, ...names: string[]) =>
  names.reduce((total, name) => total + (values.get(name) ?? 0), 0)
