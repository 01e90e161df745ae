import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBroker } from '../../src/index.ts'
import { brokerUrl } from '../../src/testing/index.ts'

const PACKAGES = resolve(import.meta.dirname, '../../..')
/** The oldest Redis that the README promises. */
const OLDEST = [6, 2, 0]

let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

/** Commands that our scripts call, and methods of that name that are called anywhere: upper case. */
function commandsUsed(): Set<string> {
  const called = { '.lua': /\b(?:rcall|redis\.call)\('([A-Z]+)'/g, '.ts': /\.([a-z]{3,})\(/g }
  return new Set(
    globSync('*/src/**/*.{lua,ts}', { cwd: PACKAGES }).flatMap((file) => {
      const text = readFileSync(join(PACKAGES, file), 'utf8')
      const pattern = file.endsWith('.lua') ? called['.lua'] : called['.ts']
      return [...text.matchAll(pattern)].map(([, name = '']) => name.toUpperCase())
    }),
  )
}

const isNewer = (version: string) => {
  const parts = version.split('.').map(Number)
  const differing = OLDEST.findIndex((part, index) => part !== (parts[index] ?? 0))
  return differing >= 0 && (parts[differing] ?? 0) > (OLDEST[differing] as number)
}

describe('the commands that we send', () => {
  it('are known to the oldest Redis that is promised', async ({ skip }) => {
    const version = /redis_version:(\d+)/.exec(await client.info('server'))?.[1]
    if (Number(version) < 7) skip('a Redis before 7 does not say since when it knows a command')
    const docs = (await client.call('COMMAND', 'DOCS', ...commandsUsed())) as (string | string[])[]
    const since = new Map<string, string>()
    for (let i = 0; i < docs.length; i += 2) {
      const fields = docs[i + 1] as string[]
      since.set(docs[i] as string, fields[fields.indexOf('since') + 1] as string)
    }
    expect(since.get('zmscore')).toBe('6.2.0') // else the answer was not understood
    expect([...since].filter(([, version]) => isNewer(version))).toEqual([])
  })
})
