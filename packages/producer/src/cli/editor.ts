import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Json, MillraceError } from '@millrace/shared'

/** What becomes of a value in the editor that the environment names, or vi. */
export function inEditor(input: Json): Json {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-edit-'))
  const file = join(folder, 'input.json')
  try {
    writeFileSync(file, `${JSON.stringify(input, null, 2)}\n`, { mode: 0o600 })
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
    const { status } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
    if (status !== 0) throw usage(`The editor ${JSON.stringify(editor)} ended with ${status}; nothing was changed.`)
    return readJson(file, 'an input')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @throws MillraceError MILLRACE_USAGE when the file cannot be read or is no JSON. */
export function readJson(file: string, what: string): Json {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json
  } catch (error) {
    throw usage(`${file} is not ${what} in JSON: ${(error as Error).message}. Nothing was changed.`)
  }
}

export const usage = (message: string) => new MillraceError('MILLRACE_USAGE', message)
