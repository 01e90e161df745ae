import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../../redis/keys.ts'
import { readScript } from '../../redis/script.ts'
import type { DeadLetterFilter } from '../../views/views.ts'
import { type Brief, readBrief } from './brief.ts'
import { lookAtPieces, type Piece } from './pieces.ts'

const scanScript = readScript<string[]>(new URL('./scan.lua', import.meta.url))
const groupScript = readScript<[next: string, groups: string]>(new URL('./group.lua', import.meta.url))

/** Letters looked at by one call, which keeps Redis busy for about 1 ms. At most 8,000: Lua passes no more at once. */
const LETTERS_PER_CALL = 1_000

export interface ScanPart {
  /** Those that match, the newest first. */
  readonly briefs: readonly Brief[]
  /** Go on before this place; absent at the end. */
  readonly next: number | undefined
}

interface ScanOptions {
  /** Only places before this one; absent: from the newest. */
  readonly before?: number | undefined
  /** Default: all that were looked at. */
  readonly most?: number
  /** What ages count from, ms. */
  readonly now: number
}

/** Looks at dead letters from the newest, as one call does: at a thousand, or until `most` match. */
export async function scanPart(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  options: ScanOptions,
): Promise<ScanPart> {
  const { before, ...rest } = options
  const piece = { before: before === undefined ? '+inf' : `(${before}`, downTo: '-inf' }
  const [next = '', ...flat] = await scanScript(client, ...callOf(keys, filter, { ...rest, piece }))
  return { briefs: readBriefs(flat), next: next === '' ? undefined : Number(next) }
}

function readBriefs(flat: readonly string[]): Brief[] {
  const briefs: Brief[] = []
  for (let i = 0; i + 2 < flat.length; i += 3) {
    briefs.push(readBrief(flat[i] as string, flat[i + 1] as string, flat[i + 2] as string))
  }
  return briefs
}

/** The briefs of the letters that match, the newest first, in the parts in which they are found: of a piece `most` at most. */
export async function* scanParts(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  { before, now, most = LETTERS_PER_CALL }: ScanOptions,
): AsyncGenerator<readonly Brief[]> {
  const from = before === undefined ? '+inf' : `(${before}`
  yield* lookAtPieces(client, keys, { before: from, size: LETTERS_PER_CALL }, async (piece) => {
    const [, ...flat] = await scanScript(client, ...callOf(keys, filter, { now, most, piece }))
    return readBriefs(flat)
  })
}

/** The briefs of all letters that match, the newest first; some thousands are held at once. */
export async function* scanBriefs(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<Brief> {
  for await (const briefs of scanParts(client, keys, filter, { now })) yield* briefs
}

/** The ids of all letters that match, the newest first, up to a thousand at a time. */
export function scanIds(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  now: number,
): AsyncGenerator<readonly string[]> {
  return lookAtPieces(client, keys, { before: '+inf', size: LETTERS_PER_CALL }, async (piece) => {
    const [, ...ids] = await scanScript(client, ...callOf(keys, filter, { now, piece, alone: true }))
    return ids
  })
}

/** What one call found of one fingerprint. `newest` is the id of a letter. */
export interface PartOfGroup {
  readonly newest: string
  readonly code: string
  readonly letters: number
  readonly firstAt: number
  readonly lastAt: number
  /** Name → letters. */
  readonly tasks: Readonly<Record<string, number>>
  readonly tenants: Readonly<Record<string, number>>
  /** Ids; Lua writes an empty list as an object. */
  readonly workflows: readonly string[] | Readonly<Record<string, never>>
}

/** The letters that match in groups by fingerprint, a thousand letters at a time from the newest. */
export function scanGroups(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  now: number,
): AsyncGenerator<Readonly<Record<string, PartOfGroup>>> {
  return lookAtPieces(client, keys, { before: '+inf', size: LETTERS_PER_CALL }, async (piece) => {
    const [, groups] = await groupScript(client, ...callOf(keys, filter, { now, piece }))
    return JSON.parse(groups) as Record<string, PartOfGroup>
  })
}

interface Call {
  readonly piece: Piece
  readonly now: number
  readonly most?: number
  readonly alone?: boolean
}

function callOf(
  keys: PoolKeys,
  filter: DeadLetterFilter,
  { piece, now, most = LETTERS_PER_CALL, alone = false }: Call,
) {
  const { task, code, fingerprint, workflow, tenant, queue, text = '', olderThanMs, newerThanMs } = filter
  const looked = Object.keys(filter).length === 0 ? Math.min(most, LETTERS_PER_CALL) : LETTERS_PER_CALL
  const args = [
    ...[piece.before, looked, most],
    ...[task, code, fingerprint, workflow, tenant, queue].map((name) => name ?? ''),
    newerThanMs === undefined ? 0 : now - newerThanMs,
    olderThanMs === undefined ? Number.MAX_SAFE_INTEGER : now - olderThanMs,
    lowerCase(text),
    alone ? 1 : 0,
    piece.downTo,
  ]
  return [[keys.queue(DEAD_LETTERS, 'prioritized'), keys.briefs], args] as const
}

/** As Lua does it: of ASCII only. */
const lowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
