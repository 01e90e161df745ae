import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../../redis/keys.ts'
import { readScript } from '../../redis/script.ts'

const marksScript = readScript<string[]>(new URL('./marks.lua', import.meta.url))

/** Places as scripts take them: `before` is not in the piece, `downTo` is. */
export interface Piece {
  readonly before: string
  readonly downTo: string
}

/** Pieces looked at at once. Redis carries out in one go what a client has sent, so together they keep others waiting. */
const AT_ONCE = 4

/**
 * Looks at all dead letters from the newest, piece by piece in order: first at one piece, which often is enough, then at
 * several at once, so that it is Redis that sets the pace and not the way to it. Letters that come meanwhile are in none.
 *
 * @param before a place, '+inf' for the newest
 * @param look one call for the letters of a piece
 */
export async function* lookAtPieces<Found>(
  client: Redis,
  keys: PoolKeys,
  { before, size }: { readonly before: string; readonly size: number },
  look: (piece: Piece) => Promise<Found>,
): AsyncGenerator<Found> {
  const marksBehind = (place: string, count: number) =>
    marksScript(client, [keys.queue(DEAD_LETTERS, 'prioritized')], [place, size, count])
  let [from, wanted] = [before, 1]
  for (let marks = await marksBehind(from, wanted); ; ) {
    const last = marks.at(-1)
    const goesOn = last !== undefined && marks.length === wanted
    const ends = goesOn ? marks : [...marks, '-inf']
    const pieces = ends.map((downTo, index) => ({ before: index === 0 ? from : `(${ends[index - 1]}`, downTo }))
    const found = pieces.map(look)
    const next = goesOn ? marksBehind(`(${last}`, AT_ONCE) : undefined
    for (const call of [...found, next]) call?.catch(() => {}) // whoever has seen enough awaits no more of them
    for (const call of found) yield await call
    if (!next) return
    marks = await next
    from = `(${last}`
    wanted = AT_ONCE
  }
}
