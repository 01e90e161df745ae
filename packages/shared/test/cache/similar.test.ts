import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packDirection, similarityOf, unpackDirection } from '../../src/cache/vector.ts'
import { connectBroker, type Direction, directionOf, findSimilar, keepSimilar, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

const keys = poolKeys(freshNamespace())
let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const direction = (...numbers: number[]) => directionOf(numbers) as Direction
/** A direction this many degrees from (1, 0). */
const at = (degrees: number) => direction(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))

describe('the direction of an embedding', () => {
  it('is as like itself as can be, whatever its length, and survives being stored', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(
        numbers.filter((list) => list.some((number) => Math.abs(number) > 1e-3)),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (list, factor) => {
          const one = direction(...list)
          const other = unpackDirection(packDirection(direction(...list.map((number) => number * factor))))
          expect(similarityOf(one, other)).toBeCloseTo(1, 4)
        },
      ),
    )
  })

  it.each([
    [[], /0 dimensions/],
    [[0, 0], /no direction/],
    [[1, Number.NaN], /number 1 is NaN/],
    [['1'], /number 0 is 1/],
    [undefined, /no list/],
    [new Array(5_000).fill(1), /5000 dimensions/],
  ])('is refused when it is none: %j', (numbers, problem) => {
    expect(directionOf(numbers as never)).toMatch(problem)
  })
})

describe('the cache of similar inputs', () => {
  const keep = (scope: string, degrees: number, now: number, { ttlMs = 1e9, most = 100 } = {}) =>
    keepSimilar(
      client,
      keys,
      scope,
      { id: `${degrees}`, direction: at(degrees), input: degrees, output: `from ${degrees}` },
      { ttlMs, most },
      now,
    )
  const now = Date.now()

  it('finds the entry that is most like an input, if it is like enough', async () => {
    for (const degrees of [10, 40, 90]) await keep('near', degrees, now)
    const found = await findSimilar(client, keys, 'near', at(35), 0.9, now)
    expect(found).toEqual({ input: 40, output: 'from 40', similarity: expect.closeTo(Math.cos(Math.PI / 36), 5) })
    expect(await findSimilar(client, keys, 'near', at(65), 0.95, now)).toBeUndefined()
    expect(await findSimilar(client, keys, 'near', direction(1, 0, 0), 0.1, now)).toBeUndefined()
    expect(await findSimilar(client, keys, 'elsewhere', at(40), 0.1, now)).toBeUndefined()
  })

  it('forgets what expired, and of too many those that expire first', async () => {
    await keep('few', 1, now, { ttlMs: 60_000 })
    expect(await findSimilar(client, keys, 'few', at(1), 0.999, now + 60_001)).toBeUndefined()
    for (const [index, degrees] of [20, 40, 60].entries()) await keep('few', degrees, now + 60_001 + index, { most: 2 })
    expect((await client.hkeys(keys.similar('few', 'vectors'))).toSorted()).toEqual(['40', '60'])
    expect((await client.hkeys(keys.similar('few', 'entries'))).toSorted()).toEqual(['40', '60'])
  })
})
