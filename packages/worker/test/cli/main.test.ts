import { describe, expect, it } from 'vitest'
import { POOL, runWorker } from './process.ts'

/** A port on which nothing listens. */
const NOWHERE = 'redis://:secret@127.0.0.1:1'

describe('millrace-worker', () => {
  it.each([
    ['explains itself, with examples', '--help', /\$ millrace-worker --tasks \.\/tasks/],
    ['says which version it is', '--version', /^\d+\.\d+\.\d+\n$/],
  ])('%s, and ends with 0', async (_, option, expected) => {
    const worker = runWorker([option])
    let said = ''
    worker.child.stdout?.on('data', (chunk) => {
      said += chunk
    })
    expect(await worker.exited).toBe(0)
    expect(said).toMatch(expected)
  })

  it.each([
    ['no task folder', [], {}, /--tasks <folder>/],
    ['a task folder that does not exist', ['--tasks', 'nowhere'], {}, /nowhere cannot be read \(ENOENT\)/],
    ['an option that does not exist', ['--task', POOL], {}, /Did you mean --tasks\?/],
    ['an argument too many', ['--tasks', POOL, 'more'], {}, /too many arguments/],
    ['an option of the wrong kind', ['--tasks', POOL, '--concurrency', 'x'], {}, /MILLRACE_CONCURRENCY is "x"/],
    [
      'a misspelt setting',
      ['--tasks', POOL],
      { MILLRACE_CONCURENCY: '1' },
      /MILLRACE_CONCURENCY: there is no such setting/,
    ],
  ])('ends with 2 when it is given %s', async (_, args, env, message) => {
    const worker = runWorker(args, env)
    expect(await worker.exited).toBe(2)
    expect(worker.stderr()).toMatch(message)
  })

  it('lets an option win over the environment', async () => {
    const worker = runWorker(['--tasks', POOL, '--redis', NOWHERE, '--concurrency', '2'], { MILLRACE_CONCURRENCY: 'x' })
    expect(await worker.exited).toBe(3)
  })

  it('ends with 3 when Redis cannot be reached, and does not print its password', async () => {
    const worker = runWorker(['--tasks', POOL], { REDIS_URL: NOWHERE })
    expect(await worker.exited).toBe(3)
    expect(worker.stderr()).toMatch(/Redis at redis:\/\/:\*\*\*@127\.0\.0\.1:1 did not answer/)
    expect(worker.stderr()).not.toContain('secret')
  })
})
