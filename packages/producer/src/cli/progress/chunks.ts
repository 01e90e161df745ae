import type { ChunkEvent } from '@millrace/shared'
import type { Look } from '../output/look.ts'
import { renderParts } from '../output/parts.ts'
import { oneLine } from '../output/printable.ts'
import { clockText } from '../output/time.ts'

/**
 * Gives a function that makes lines of chunks, in their order: `09:05:00  chunk  write  once upon a time`. Text stands as it
 * is, other data as JSON. Where chunks are missing, since only so many are kept, a line says how many.
 */
export function chunkLines(): (event: ChunkEvent, look: Look) => string {
  let last = 0
  return ({ number, job, at, chunk }, look) => {
    const missing = number - last - 1
    last = number
    const text = oneLine(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
    const width = look.width - 1
    const line = renderParts([['dim', clockText(at)], ['cyan', 'chunk'], ['dim', oneLine(job)], text], width, look)
    if (missing <= 0) return `${line}\n`
    const count = missing === 1 ? '1 chunk was' : `${missing} chunks were`
    return `${renderParts([['yellow', `… ${count} dropped: only the latest are kept`]], width, look)}\n${line}\n`
  }
}
