import { cpus } from 'node:os'
import type { Cgroup } from './cgroup.ts'

export interface CpuReading {
  /** Of the one core that handlers have, or of the container's quota: the larger; 0 to 1. */
  readonly own: number
  /** Of all cores of the machine, whoever uses them; 0 to 1. */
  readonly machine: number
}

/** Gives what was used since the last call. */
export function watchCpu(cgroup: Cgroup): () => CpuReading {
  let last = sample(cgroup)
  return () => {
    const now = sample(cgroup)
    const elapsed = now.atMs - last.atMs
    const own = (now.processMs - last.processMs) / elapsed
    const quota = now.cores > 0 ? (now.containerMs - last.containerMs) / elapsed / now.cores : 0
    const [busy, all] = [now.busyMs - last.busyMs, now.allMs - last.allMs]
    last = now
    return { own: clamp(Math.max(own, quota)), machine: all > 0 ? clamp(busy / all) : 0 }
  }
}

function sample(cgroup: Cgroup) {
  const { user, system } = process.cpuUsage()
  const times = cpus().map((cpu) => cpu.times)
  const allMs = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0)
  const container = cgroup.cpu()
  return {
    atMs: performance.now(),
    processMs: (user + system) / 1_000,
    containerMs: container?.usedMs ?? 0,
    cores: container?.cores ?? 0,
    busyMs: allMs - times.reduce((sum, t) => sum + t.idle, 0),
    allMs,
  }
}

const clamp = (share: number) => (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0)
