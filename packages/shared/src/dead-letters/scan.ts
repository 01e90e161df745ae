import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { DeadLetterFilter } from '../views/views.ts'
import { type Brief, readBrief } from './brief.ts'

const scanScript = readScript<string[]>(new URL('./scan.lua', import.meta.url))
const groupScript = readScript<[next: string, groups: string]>(new URL('./group.lua', import.meta.url))

/** Letters looked at by one call, which keeps Redis busy for about 2 ms. At most 8,000: Lua passes no more at once. */
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
  const [next = '', ...flat] = await scanScript(client, ...callOf(keys, filter, options))
  const briefs: Brief[] = []
  for (let i = 0; i + 2 < flat.length; i += 3) {
    briefs.push(readBrief(flat[i] as string, flat[i + 1] as string, flat[i + 2] as string))
  }
  return { briefs, next: next === '' ? undefined : Number(next) }
}

/** The briefs of all letters that match, the newest first; a thousand are held at once. */
export async function* scanBriefs(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<Brief> {
  for (let before: number | undefined; ; ) {
    const { briefs, next } = await scanPart(client, keys, filter, { before, now })
    yield* briefs
    if (next === undefined) return
    before = next
  }
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

/** The ids of all letters that match, the newest first, a thousand at a time. */
export async function* scanIds(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  now: number,
): AsyncGenerator<string[]> {
  for (let before: number | undefined; ; ) {
    const [next = '', ...ids] = await scanScript(client, ...callOf(keys, filter, { before, now, alone: true }))
    yield ids
    if (next === '') return
    before = Number(next)
  }
}

/** The letters that match in groups by fingerprint, a thousand letters at a time from the newest. */
export async function* scanGroups(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  now: number,
): AsyncGenerator<Readonly<Record<string, PartOfGroup>>> {
  for (let before: number | undefined; ; ) {
    const [next, groups] = await groupScript(client, ...callOf(keys, filter, { before, now }))
    yield JSON.parse(groups) as Record<string, PartOfGroup>
    if (next === '') return
    before = Number(next)
  }
}

function callOf(
  keys: PoolKeys,
  filter: DeadLetterFilter,
  { before, most = LETTERS_PER_CALL, now, alone = false }: ScanOptions & { readonly alone?: boolean },
) {
  const { task, code, fingerprint, workflow, tenant, queue, text = '', olderThanMs, newerThanMs } = filter
  const looked = Object.keys(filter).length === 0 ? Math.min(most, LETTERS_PER_CALL) : LETTERS_PER_CALL
  const args = [
    ...[before === undefined ? '+inf' : `(${before}`, looked, most],
    ...[task, code, fingerprint, workflow, tenant, queue].map((name) => name ?? ''),
    newerThanMs === undefined ? 0 : now - newerThanMs,
    olderThanMs === undefined ? Number.MAX_SAFE_INTEGER : now - olderThanMs,
    lowerCase(text),
    alone ? 1 : 0,
  ]
  return [[keys.queue(DEAD_LETTERS, 'prioritized'), keys.briefs], args] as const
}

/** As Lua does it: of ASCII only. */
const lowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
