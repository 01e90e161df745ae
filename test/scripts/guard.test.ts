import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { until } from '@millrace/shared/testing'
import { describe, expect, it } from 'vitest'

const GUARDED = resolve(import.meta.dirname, '../../scripts/broker/guarded.mjs')

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A process that starts a program under a guard; the program prints its own process id. */
async function ownerOf(program: string) {
  const code = `import { startGuarded } from ${JSON.stringify(GUARDED)}
    const guarded = startGuarded([process.execPath, '-e', ${JSON.stringify(program)}], { env: process.env, output: 'inherit' })
    process.on('SIGUSR1', () => guarded.kill())
    process.on('SIGINT', () => {})
    process.exit(await guarded.ended)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = await once(owner.stdout, 'data')
  return { owner, program: Number(String(line)) }
}

const RUNS = 'console.log(process.pid); setInterval(() => {}, 1000)'
const DEAF = `process.on('SIGTERM', () => {}); ${RUNS}`

describe('a guarded program', () => {
  it('ends when its owner is killed', async () => {
    const { owner, program } = await ownerOf(RUNS)
    owner.kill('SIGKILL')
    await until(() => !isAlive(program))
  })

  it('does not hear the Ctrl-C that the terminal sends to its owner', async () => {
    const { owner, program } = await ownerOf(`
      process.on('SIGINT', () => process.exit(7))
      process.on('SIGTERM', () => process.exit(8))
      ${RUNS}`)
    process.kill(-Number(owner.pid), 'SIGINT')
    process.kill(program, 'SIGTERM')
    expect(await once(owner, 'exit')).toEqual([8, null])
  })

  it('can be ended without being asked', async () => {
    const { owner, program } = await ownerOf(DEAF)
    owner.kill('SIGUSR1')
    await once(owner, 'exit')
    expect(isAlive(program)).toBe(false)
  })

  it('hands its exit code on', async () => {
    const { owner } = await ownerOf('console.log(process.pid); process.exitCode = 5')
    expect(await once(owner, 'exit')).toEqual([5, null])
  })
})
