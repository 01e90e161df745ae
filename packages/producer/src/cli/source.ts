import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { MillraceError } from '@millrace/shared'

export interface Source {
  /** How messages name it. */
  readonly file: string
  readonly text: string
}

/**
 * Reads a workflow file, or stdin for `-`.
 *
 * @throws MillraceError MILLRACE_USAGE when it cannot be read.
 */
export async function readSource(file: string, talk: (text: string) => void): Promise<Source> {
  if (file === '-') {
    if (process.stdin.isTTY) talk('Reading the workflow from the terminal; end with Ctrl-D.')
    return { file: 'stdin', text: await text(process.stdin) }
  }
  try {
    return { file, text: await readFile(file, 'utf8') }
  } catch (error) {
    throw new MillraceError('MILLRACE_USAGE', `${file} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`, {
      cause: error,
    })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EISDIR: 'it is a folder; name a file.',
  EACCES: 'you may not read it.',
}

const reasonOf = ({ code = '', message }: NodeJS.ErrnoException) => REASONS[code] ?? message
