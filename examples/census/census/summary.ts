import type { Duplicates } from './duplicates.ts'
import type { LanguageCount } from './languages.ts'
import type { SizeClass } from './largest.ts'
import type { Measured } from './measure-file.ts'
import type { MeasuredChunk } from './measurements.ts'

/** What report.json holds, and what the page shows. */
export interface Summary {
  readonly folder: string
  /** The command that lists the files counted here, separated by zero bytes. */
  readonly findCommand: string
  readonly files: number
  readonly lines: number
  readonly bytes: number
  readonly binary: number
  readonly links: number
  readonly others: number
  readonly unreadable: readonly { readonly path: string; readonly why: string }[]
  readonly unreadableCount: number
  readonly languages: readonly LanguageCount[]
  readonly duplicates: Duplicates
  readonly largest: readonly Measured[]
  readonly sizes: readonly SizeClass[]
}

export interface Parts {
  readonly folder: string
  readonly findCommand: string
  readonly scanned: { readonly links: number; readonly others: number; readonly unreadableFolders: number }
  readonly measured: readonly MeasuredChunk[]
  readonly languages: readonly LanguageCount[]
  readonly duplicates: Duplicates
  readonly largest: { readonly largest: readonly Measured[]; readonly sizes: readonly SizeClass[] }
}

const UNREADABLE_NAMED = 50

/** Adds up what the jobs found. */
export function summarise({ folder, findCommand, scanned, measured, languages, duplicates, largest }: Parts): Summary {
  const sum = (field: 'files' | 'lines' | 'bytes' | 'binary') =>
    measured.reduce((total, chunk) => total + chunk[field], 0)
  const unreadable = measured.flatMap((chunk) => chunk.unreadable)
  return {
    folder,
    findCommand,
    files: sum('files'),
    lines: sum('lines'),
    bytes: sum('bytes'),
    binary: sum('binary'),
    links: scanned.links,
    others: scanned.others,
    unreadable: unreadable.slice(0, UNREADABLE_NAMED),
    unreadableCount: unreadable.length + scanned.unreadableFolders,
    languages,
    duplicates,
    largest: largest.largest,
    sizes: largest.sizes,
  }
}
