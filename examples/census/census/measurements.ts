import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Measured } from './measure-file.ts'

/** What one `measure` job says of its chunk; the measurements themselves lie in the file it names. */
export const MeasuredChunk = z.object({
  file: z.string(),
  files: z.number(),
  lines: z.number(),
  bytes: z.number(),
  binary: z.number(),
  unreadable: z.array(z.object({ path: z.string(), why: z.string() })),
})
export type MeasuredChunk = z.infer<typeof MeasuredChunk>

/** Yields every measured file of all chunks, one chunk in memory at a time. */
export async function readMeasurements(chunks: readonly MeasuredChunk[]): Promise<Iterable<Measured>> {
  const texts = await Promise.all(chunks.map((chunk) => readFile(chunk.file, 'utf8')))
  return (function* () {
    for (const text of texts) yield* JSON.parse(text) as Measured[]
  })()
}
