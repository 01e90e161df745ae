import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TaskError } from '@millrace/shared'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import type { PathText } from '../census/path-text.ts'
import { walk } from '../census/walk.ts'

/** Lists the files of a folder in chunks. The lists are files, so that a job's output stays small for any folder. */
export default defineTask(
  {
    name: 'census.scan',
    description: 'Lists the files of a folder, in chunks.',
    input: z.object({ folder: z.string(), out: z.string(), chunk: z.number().int().min(1).max(1_000) }),
    timeout: '30m',
  },
  async ({ folder, out, chunk }, ctx) => {
    const found = await stat(folder).catch(() => undefined)
    if (!found?.isDirectory()) {
      throw new TaskError('CENSUS_NO_FOLDER', `"${folder}" is not a folder that can be read`, { retryable: false })
    }
    await mkdir(join(out, 'lists'), { recursive: true })
    const chunks: string[] = []
    const counts = { file: 0, link: 0, other: 0, unreadable: 0 }
    let list: PathText[] = []
    const flush = async () => {
      if (list.length === 0) return
      const file = join(out, 'lists', `${chunks.length}.json`)
      await writeFile(file, JSON.stringify(list))
      chunks.push(file)
      list = []
    }
    for await (const { kind, path } of walk(Buffer.from(folder))) {
      ctx.signal.throwIfAborted()
      counts[kind]++
      if (kind === 'file' && list.push(path) === chunk) await flush()
    }
    await flush()
    return {
      chunks,
      files: counts.file,
      links: counts.link,
      others: counts.other,
      unreadableFolders: counts.unreadable,
    }
  },
)
