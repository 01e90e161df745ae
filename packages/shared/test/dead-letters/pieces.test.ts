import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookAtPieces } from '../../src/dead-letters/briefs/pieces.ts'
import { connectBroker, DEAD_LETTERS, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'producer' })
})
afterAll(() => client.disconnect())

/** A pool with letters at these places. */
async function poolWith(places: readonly number[]) {
  const keys = poolKeys(freshNamespace())
  const letters = keys.queue(DEAD_LETTERS, 'prioritized')
  for (const place of places) await client.zadd(letters, place, `letter ${place}`)
  const look = (piece: { before: string; downTo: string }) =>
    client.zrevrangebyscore(letters, piece.before, piece.downTo)
  return { keys, letters, look }
}

describe('a look at dead letters, piece by piece', () => {
  it('meets each once, the newest first, however large the pieces are and wherever it begins', async () => {
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        places,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 200 }),
        async (all, size, at) => {
          const { keys, look } = await poolWith(all)
          const met: string[] = []
          const before = at === 0 ? '+inf' : `(${at}`
          for await (const piece of lookAtPieces(client, keys, { before, size }, look)) {
            expect(piece.length).toBeLessThanOrEqual(size)
            met.push(...piece)
          }
          const expected = all.filter((place) => at === 0 || place < at).sort((a, b) => b - a)
          expect(met).toEqual(expected.map((place) => `letter ${place}`))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('leaves out what comes meanwhile, and meets what stays though others go', async () => {
    const { keys, letters, look } = await poolWith(Array.from({ length: 30 }, (_, i) => i + 1))
    const met: string[] = []
    for await (const piece of lookAtPieces(client, keys, { before: '+inf', size: 3 }, look)) {
      met.push(...piece)
      await client.zadd(letters, 100 + met.length, `new ${met.length}`)
      await client.zrem(letters, 'letter 5', ...met)
    }
    expect(met).toEqual(Array.from({ length: 30 }, (_, i) => `letter ${30 - i}`).filter((id) => id !== 'letter 5'))
  })

  it('asks for one piece when that is enough', async () => {
    const { keys, look } = await poolWith(Array.from({ length: 30 }, (_, i) => i + 1))
    let asked = 0
    const counting = (piece: Parameters<typeof look>[0]) => {
      asked++
      return look(piece)
    }
    for await (const _ of lookAtPieces(client, keys, { before: '+inf', size: 3 }, counting)) break
    expect(asked).toBe(1)
  })
})
