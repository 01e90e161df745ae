import type { shapeFindings } from './reading/shape-findings.ts'
import type { readText } from './reading/text.ts'

/** What reads the text of a workflow and checks the shape of what it says. */
export interface Readers {
  readonly readText: typeof readText
  readonly shapeFindings: typeof shapeFindings
}

let readers: Promise<Readers> | undefined

/** Loaded for the first workflow: they bring a parser and a schema library, which commands that read no workflow do without. */
export function loadReaders(): Promise<Readers> {
  readers ??= load()
  return readers
}

async function load(): Promise<Readers> {
  const [{ readText }, { shapeFindings }] = await Promise.all([
    import('./reading/text.ts'),
    import('./reading/shape-findings.ts'),
  ])
  return { readText, shapeFindings }
}
