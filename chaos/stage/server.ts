import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@millrace/shared/testing'
import { answers } from '../../scripts/broker/answers.mjs'
import { freePort } from '../../scripts/broker/free-port.mjs'
import { findServer } from '../../scripts/broker.mjs'
import { childEnded, startChild } from './child.ts'

/** A Redis of a scenario's own, that may be ended, frozen and started again. */
export interface Server {
  readonly url: string
  readonly port: number
  /** `kill -9`, and then another one on the same port with the same files. */
  restart(downMs: number): Promise<void>
  /** Stops it in the middle of whatever it does: its connections stay open, and nobody answers. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Without a server program on this machine (`REDIS_URL` or a container serves the tests) there is nothing to be killed. */
export const serverProgram: string | undefined = findServer()

/** Starts a Redis that has every answered write on disk before it answers: `appendfsync always`. */
export async function startServer(program: string = serverProgram as string): Promise<Server> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-redis-'))
  const port = await freePort()
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--loglevel', 'warning']
    args.push('--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction')
    const started = startChild(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    await until(() => answers({ host: '127.0.0.1', port }))
    return started
  }
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await childEnded(child)
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async restart(downMs) {
      await kill()
      await new Promise((resolve) => setTimeout(resolve, downMs))
      child = await start()
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async close() {
      await kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
