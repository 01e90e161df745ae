import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { TaskError } from '@millrace/shared'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { type Measured, measureFile } from '../census/measure-file.ts'
import { type PathText, textToPath } from '../census/path-text.ts'
import { join as joinBytes } from '../census/walk.ts'

/** Reads the files of one chunk: lines, bytes and SHA-256. */
export default defineTask(
  {
    name: 'census.measure',
    description: 'Counts lines and bytes of some files and computes their SHA-256.',
    input: z.object({
      folder: z.string(),
      out: z.string(),
      list: z.string(),
      chunk: z.number().int(),
      broken: z.string().nullable(),
      brokenChunk: z.number().int(),
    }),
    timeout: '30m',
  },
  async ({ folder, out, list, chunk, broken, brokenChunk }, ctx) => {
    if (broken !== null && chunk === brokenChunk && (await exists(broken))) {
      throw new TaskError('CENSUS_DISK_SICK', `chunk ${chunk} cannot be read while ${broken} exists`, {
        retryable: false,
      })
    }
    const paths = JSON.parse(await readFile(list, 'utf8')) as PathText[]
    const files: Measured[] = []
    const unreadable: { path: PathText; why: string }[] = []
    for (const [index, path] of paths.entries()) {
      const measured = await measureFile(path, joinBytes(Buffer.from(folder), textToPath(path)), ctx.signal)
      if (measured.ok) files.push(measured.file)
      else unreadable.push({ path: measured.path, why: measured.why })
      if (index % 50 === 49) await ctx.progress((index + 1) / paths.length)
    }
    await mkdir(join(out, 'measured'), { recursive: true })
    const file = join(out, 'measured', basename(list))
    await writeFile(file, JSON.stringify(files))
    return {
      file,
      files: files.length,
      lines: files.reduce((sum, { lines }) => sum + (lines ?? 0), 0),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      binary: files.filter(({ lines }) => lines === null).length,
      unreadable,
    }
  },
)

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )
