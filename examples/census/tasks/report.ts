import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { type Parts, summarise } from '../census/summary.ts'
import { findCommand } from '../census/walk.ts'
import { reportPage } from '../report/page.ts'

/** Writes the report: one HTML page that needs nothing else, and the same numbers as JSON. */
export default defineTask(
  {
    name: 'census.report',
    description: 'Writes the report as an HTML page and as JSON.',
    input: z.looseObject({ folder: z.string(), out: z.string() }),
  },
  async (input) => {
    const folder = resolve(input.folder)
    const summary = summarise({ ...(input as unknown as Parts), folder, findCommand: findCommand(folder) })
    await mkdir(input.out, { recursive: true })
    const [html, json] = [join(input.out, 'report.html'), join(input.out, 'report.json')]
    await write(json, `${JSON.stringify(summary, null, 2)}\n`)
    await write(html, reportPage(summary))
    const { files, lines, bytes, duplicates } = summary
    return { html, json, files, lines, bytes, duplicateGroups: duplicates.groups }
  },
)

/** Whole or not at all: a reader never sees half a report. */
async function write(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}
