import { connectBroker, openBreaker, poolKeys, publishResources } from '@millrace/shared'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { millrace } from './millrace.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }

beforeEach(async () => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
  client = await connectBroker({ url: env.REDIS_URL, role: 'producer' })
  const keys = poolKeys(env.MILLRACE_NAMESPACE)
  await publishResources(client, keys, [
    { name: 'geoip', breaker: '', bulkhead: '4 at once' },
    { name: 'stripe', breaker: '5 failures in a row', bulkhead: '4 at once' },
  ])
  const opening = { name: 'stripe', openings: 2, halfOpenInMs: 60_000, by: 'worker-1', why: 'no answer\nat all' }
  await openBreaker(client, keys, opening, 'count')
})
afterEach(() => client.disconnect())

const run = (...args: string[]) => millrace(['resource', ...args], { env })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

describe('millrace resource', () => {
  it('lists what workers know, with the state of the breakers', async () => {
    const { exit, out } = await run('list')
    expect(exit).toBe(0)
    expect(out).toMatch(/^geoip +closed /m)
    expect(out).toMatch(/^stripe +open +in \d/m)
    expect(out).toContain('5 failures in a row')
    expect(await json('list')).toMatchObject([
      { name: 'geoip', state: 'closed' },
      { name: 'stripe', state: 'open', opening: { openings: 2, by: 'worker-1' }, waitingForBreaker: 0 },
    ])
  })

  it('says that there are none, when there are none', async () => {
    const { exit, out, err } = await millrace(['resource', 'list'], {
      env: { ...env, MILLRACE_NAMESPACE: freshNamespace() },
    })
    expect({ exit, out }).toEqual({ exit: 0, out: '' })
    expect(err).toContain('No resources yet')
  })

  it('shows one, and why its breaker is open', async () => {
    const { out } = await run('show', 'stripe')
    expect(out).toMatch(/^why +no answer.*at all$/m)
    expect(out).toMatch(/^times +2, since it was last closed$/m)
  })

  it('opens a breaker by hand, for a time or until it is closed, and closes it', async () => {
    expect(await json('close', 'stripe')).toMatchObject({ state: 'closed' })
    expect((await run('close', 'stripe')).err).toContain('was closed already')
    expect(await json('open', 'stripe', '--for', '30m', '--why', 'maintenance')).toMatchObject({
      state: 'open',
      opening: { by: 'operator', why: 'maintenance', halfOpenInMs: expect.closeTo(1_800_000, -4) },
    })
    expect(await json('open', 'stripe')).toMatchObject({ opening: { halfOpenInMs: null } })
    expect((await run('list')).out).toMatch(/^stripe +open +by hand/m)
    expect((await run('close', 'stripe')).err).toBe('The breaker of stripe is closed.\n')
  })

  it.each([['show'], ['open'], ['close']])('`%s` ends with 2 for a name that nobody knows', async (command) => {
    const { exit, err } = await run(command, 'strip')
    expect(exit).toBe(2)
    expect(err).toContain('Did you mean')
    expect(err).toContain('There are: geoip, stripe.')
  })
})
