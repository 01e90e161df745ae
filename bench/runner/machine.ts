import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import type { Redis } from 'ioredis'

/** Where and with what the figures were made. */
export interface Machine {
  readonly at: string
  readonly commit: string
  readonly node: string
  readonly bullmq: string
  readonly ioredis: string
  readonly redis: string
  readonly os: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  /** Load of the last minute before the first run: what else the machine was doing. */
  readonly loadBefore: number
}

const require = createRequire(import.meta.url)
const versionOf = (name: string) => (require(`${name}/package.json`) as { version: string }).version

export async function describeMachine(redis: Redis, now = new Date()): Promise<Machine> {
  const info = await redis.info('server')
  const [cpu] = cpus()
  return {
    at: now.toISOString(),
    commit: commit(),
    node: process.versions.node,
    bullmq: versionOf('bullmq'),
    ioredis: versionOf('ioredis'),
    redis: /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown',
    os: `${type()} ${release()}`,
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

/** The commit of the sources, with a `+` when they were changed since; `unknown` outside a clone. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}
