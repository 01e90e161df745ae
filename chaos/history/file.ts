import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Entry } from './entry.ts'

/**
 * The history is a file, one line of JSON per entry. Each line is written by one append, so the lines of all processes
 * stand in the order in which they were written, and a process that is killed leaves what it noted. It is no part of the
 * pool: whatever befalls Redis, the history stays.
 */
export const note = (file: string, entry: Entry): void => appendFileSync(file, `${JSON.stringify(entry)}\n`)

export function readHistory(file: string): Entry[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Entry)
}
