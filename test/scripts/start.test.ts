import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createProducer } from '@millrace/producer'
import { until } from '@millrace/shared/testing'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../scripts/is-alive.mjs'
import { realServer } from './machine.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const WORKER = JSON.stringify(join(ROOT, 'packages/worker/src/index.ts'))

const folder = mkdtempSync(join(tmpdir(), 'millrace-tasks-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Puts one task there, `nap`, that says when it has begun and takes as long as it is told. */
function taskFolder() {
  writeFileSync(
    join(folder, 'nap.mjs'),
    `import { setTimeout as sleep } from 'node:timers/promises'
    import { defineTask } from ${WORKER}
    const input = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }
    export default defineTask({ name: 'nap', input }, async ({ ms }, ctx) => {
      await ctx.progress('begun')
      await sleep(ms, undefined, { signal: ctx.signal })
      return process.pid
    })`,
  )
  return folder
}

const groups: number[] = []
afterEach(() => {
  for (const group of groups.splice(0)) if (isAlive(group)) process.kill(-group, 'SIGKILL')
})

/** `npm start` in a terminal of its own: all of its processes get the Ctrl-C. */
async function startPool(...args: string[]) {
  const pool = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const group = pool.pid as number
  groups.push(group)
  let said = ''
  for (const stream of [pool.stdout, pool.stderr]) stream.on('data', (data) => (said += data))
  const ended = new Promise<number | null>((resolve) => pool.once('exit', resolve))
  return {
    ended,
    said: () => said,
    signal: (signal: NodeJS.Signals) => process.kill(-group, signal),
    kill: () => pool.kill('SIGKILL'),
  }
}

async function readyPool() {
  const pool = await startPool('--tasks', taskFolder())
  await until(() => pool.said().split('"msg":"ready"').length === 3)
  const url = /Redis at (\S+)/.exec(pool.said())?.[1] as string
  return { ...pool, url, producer: await createProducer({ connection: url }) }
}

const nap = (ms: number) => ({ name: 'napping', jobs: { nap: { task: 'nap', with: { ms } } } })

// it starts a server of its own, so that a pool which is in use is left alone
describe.skipIf(!realServer)('npm start', () => {
  it('runs two workers, lets them finish what they have on Ctrl-C, and leaves nothing behind', async () => {
    const { producer, said, signal, ended } = await readyPool()
    const quick = await producer.submit(nap(0))
    const done = await until(async () => (await producer.get(quick.id))?.jobList[0]?.output)
    expect(isAlive(Number(done))).toBe(true)

    const { id } = await producer.submit(nap(700))
    await until(async () => (await producer.get(id))?.jobList[0]?.progress === 'begun')
    await producer.close()
    signal('SIGINT')
    expect(await ended).toBe(0)
    const counts = [...said().matchAll(/"succeeded":(\d+)/g)].map((match) => Number(match[1]))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(isAlive(Number(done))).toBe(false)
  })

  it('leaves nothing behind when it is killed', async () => {
    const { producer, url, kill } = await readyPool()
    const { id } = await producer.submit(nap(0))
    const worker = Number(await until(async () => (await producer.get(id))?.jobList[0]?.output))
    await producer.close()
    kill()
    await until(() => !isAlive(worker))
    await until(() =>
      createProducer({ connection: url, connectTimeoutMs: 100 }).then(
        (again) => again.close().then(() => false),
        () => true,
      ),
    )
  })

  it.each([[['--tasks', 'nowhere']], [['--workers', '0']], [['--wrokers', '2']]])('refuses %j', async (args) => {
    const { ended, said } = await startPool(...args)
    expect(await ended).toBe(2)
    expect(said()).toContain('Usage: npm start')
  })
})
