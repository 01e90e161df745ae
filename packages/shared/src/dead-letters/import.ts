import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { ImportLine } from './read-line.ts'

const importScript = readScript<number[]>(new URL('./import.lua', import.meta.url))

const LETTERS_PER_CALL = 50
/** A call takes fewer letters when they are large. */
const BYTES_PER_CALL = 1_000_000
/** Refused lines that are told; the rest is counted. */
const MOST_TOLD = 100

export interface Imported {
  readonly imported: number
  /** There already, and left as they were. */
  readonly there: number
  /** Their jobs were replayed since, or never died: a letter would be wrong. */
  readonly alive: number
  /** Lines that were not taken. */
  readonly refused: number
  /** The first hundred of them; lines count from 1. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[]
}

/**
 * Writes the dead letters of an export, one line each. Importing the same lines again changes nothing, so that what was
 * refused can be mended and imported with the rest. Blank lines are skipped; some dozen lines are held at once. However long ago
 * they failed, they are kept as long from now on as the rule of their queue says.
 */
export async function importDeadLetters(
  client: Redis,
  keys: PoolKeys,
  lines: AsyncIterable<string> | Iterable<string>,
  now: () => number = Date.now,
): Promise<Imported> {
  const counts = { imported: 0, there: 0, alive: 0, refused: 0 }
  const problems: { line: number; problem: string }[] = []
  let batch: ImportLine[] = []
  let bytes = 0

  async function write(): Promise<void> {
    if (batch.length === 0) return
    const args = batch.flatMap(({ id, text, names, rest }) => [id, text, ...names, JSON.stringify(rest)])
    for (const reply of await importScript(client, [keys.replays], [keys.prefix, now(), ...args])) {
      counts[reply === 1 ? 'imported' : reply === 0 ? 'there' : 'alive']++
    }
    batch = []
    bytes = 0
  }

  const { readImportLine } = await import('./read-line.ts') // it brings a schema library, which only imports need
  let number = 0
  for await (const text of lines) {
    number++
    if (text.trim() === '') continue
    const read = readImportLine(text)
    if (!read.ok) {
      counts.refused++
      if (problems.length < MOST_TOLD) problems.push({ line: number, problem: read.problem })
      continue
    }
    batch.push(read.line)
    bytes += read.line.text.length
    if (batch.length >= LETTERS_PER_CALL || bytes >= BYTES_PER_CALL) await write()
  }
  await write()
  return { ...counts, problems }
}
