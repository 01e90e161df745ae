import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectBroker,
  type Heartbeat,
  poolKeys,
  publishHeartbeat,
  publishInputSchemas,
  readInputSchemas,
} from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const schema = (type: string) => ({ type })

describe('the schemas of inputs that workers tell', () => {
  it('are kept for every version that a worker has, and no longer', async () => {
    const keys = poolKeys(freshNamespace())
    const there = { name: 'w', version: '1.0', startedAt: 1, tasks: [], moves: [], breakers: [], unhealthy: [] }
    await publishInputSchemas(
      client,
      keys,
      '1.0',
      new Map([
        ['mail', schema('string')],
        ['other', schema('null')],
      ]),
    )
    await publishHeartbeat(client, keys, 'w/1', there as unknown as Heartbeat)
    await publishInputSchemas(client, keys, '2.0', new Map([['mail', schema('object')]]))
    const versions = async () => (await readInputSchemas(client, keys, 'mail')).map(({ version }) => version).toSorted()
    expect(await versions()).toEqual(['1.0', '2.0'])
    await client.del(keys.workers)
    await publishInputSchemas(client, keys, '3.0', new Map([['mail', schema('array')]]))
    expect(await readInputSchemas(client, keys, 'mail')).toEqual([{ version: '3.0', schema: schema('array') }])
    expect(await readInputSchemas(client, keys, 'other')).toEqual([{ version: '1.0', schema: schema('null') }])
  })

  it('are none for a task whose schema nobody can tell, or is too large', async () => {
    const keys = poolKeys(freshNamespace())
    await publishInputSchemas(client, keys, '1', new Map([['mail', schema('string')]]))
    await publishInputSchemas(
      client,
      keys,
      '1',
      new Map([
        ['mail', undefined],
        ['big', schema('x'.repeat(70_000))],
      ]),
    )
    expect(await readInputSchemas(client, keys, 'mail')).toEqual([])
    expect(await readInputSchemas(client, keys, 'big')).toEqual([])
  })
})
