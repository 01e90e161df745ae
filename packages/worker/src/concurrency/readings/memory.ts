import { readFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import type { Cgroup } from './cgroup.ts'

export interface MemoryReading {
  /** How close to the end, from 0 to 1. */
  readonly share: number
  /** Resident memory of this process. */
  readonly rssBytes: number
  /** What this process, or its container, could have at most. */
  readonly limitBytes: number
}

/**
 * The larger of two shares: how much of its container's memory is used, or, without a container, how much this process
 * has of what it could have (so a machine that others fill stops nobody who is small); and how much of V8's heap limit
 * is used, since a process ends there as well.
 */
export function readMemory(cgroup: Cgroup): MemoryReading {
  const rssBytes = process.memoryUsage.rss()
  const heap = getHeapStatistics()
  const container = cgroup.memory()
  const limitBytes = container?.limitBytes ?? rssBytes + availableBytes()
  const outside = (container?.usedBytes ?? rssBytes) / limitBytes
  const inside = heap.used_heap_size / heap.heap_size_limit
  return { share: Math.max(inside, outside), rssBytes, limitBytes }
}

/** What the system could still give, caches that it would drop included. */
function availableBytes(): number {
  try {
    const match = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))
    if (match) return Number(match[1]) * 1024
  } catch {
    // not Linux
  }
  return process.availableMemory()
}
