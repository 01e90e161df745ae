import { type Dirent, promises as fs } from 'node:fs'
import { type PathText, pathToText } from './path-text.ts'

/** Folders that are somebody else's: version control, installed packages, our own results. */
const SKIPPED_FOLDERS: readonly string[] = ['.git', 'node_modules', '.millrace']

export type Found = { readonly kind: 'file' | 'link' | 'other' | 'unreadable'; readonly path: PathText }

/**
 * Yields what lies in a folder, at any depth, with paths relative to it and in a stable order. Links are reported and not
 * followed; devices, sockets and pipes are `other`, never opened; a folder that cannot be read is `unreadable`.
 */
export async function* walk(root: Buffer, below: Buffer = Buffer.alloc(0)): AsyncGenerator<Found> {
  const folder = below.length === 0 ? root : join(root, below)
  let entries: Dirent<Buffer>[]
  try {
    entries = await fs.readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch {
    yield { kind: 'unreadable', path: pathToText(below) }
    return
  }
  for (const entry of entries.toSorted((a, b) => Buffer.compare(a.name, b.name))) {
    const path = below.length === 0 ? entry.name : join(below, entry.name)
    if (entry.isSymbolicLink()) yield { kind: 'link', path: pathToText(path) }
    else if (entry.isFile()) yield { kind: 'file', path: pathToText(path) }
    else if (!entry.isDirectory()) yield { kind: 'other', path: pathToText(path) }
    else if (!SKIPPED_FOLDERS.includes(entry.name.toString('utf8'))) yield* walk(root, path)
  }
}

export const join = (a: Buffer, b: Buffer): Buffer => Buffer.concat([a, Buffer.from('/'), b])

/** The command that lists the same files. */
export function findCommand(folder: string): string {
  const names = SKIPPED_FOLDERS.map((name) => `-name ${name}`).join(' -o ')
  return `find '${folder.replaceAll("'", "'\\''")}' -mindepth 1 -type d \\( ${names} \\) -prune -o -type f -print0`
}
