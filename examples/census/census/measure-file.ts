import { createHash } from 'node:crypto'
import { constants, promises as fs } from 'node:fs'
import type { PathText } from './path-text.ts'

/** What one file has. `lines` is the number of newline bytes, as `wc -l` counts, and absent for a binary file. */
export interface Measured {
  readonly path: PathText
  readonly bytes: number
  readonly lines: number | null
  readonly sha256: string
}

export type Measurement =
  | { readonly ok: true; readonly file: Measured }
  | { readonly ok: false; readonly path: PathText; readonly why: string }

/** A file with a zero byte in its first 8 KiB is binary: the rule that git and grep use. */
const PROBE_BYTES = 8_192
const NEWLINE = 0x0a

/**
 * Reads a file once, in pieces: however large it is, little of it is in memory.
 *
 * @returns `ok: false` for a file that vanished, turned into something else or may not be read; it throws only when aborted.
 */
export async function measureFile(path: PathText, absolute: Buffer, signal: AbortSignal): Promise<Measurement> {
  try {
    // not following a link and not waiting for a pipe that took the file's place
    const handle = await fs.open(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      if (!(await handle.stat()).isFile()) return { ok: false, path, why: 'is not a regular file any more' }
      const hash = createHash('sha256')
      let [bytes, lines, binary] = [0, 0, false]
      for await (const piece of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        signal.throwIfAborted()
        if (bytes < PROBE_BYTES) binary ||= piece.subarray(0, PROBE_BYTES - bytes).includes(0)
        hash.update(piece)
        bytes += piece.length
        for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) lines++
      }
      return { ok: true, file: { path, bytes, lines: binary ? null : lines, sha256: hash.digest('hex') } }
    } finally {
      await handle.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, path, why: (error as NodeJS.ErrnoException).code ?? (error as Error).message }
  }
}
