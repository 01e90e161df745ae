import { randomUUID } from 'node:crypto'
import { MillraceError } from '@millrace/shared'

/** Ids appear in keys, file names and URLs. */
const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/

/** @throws MillraceError MILLRACE_WORKFLOW_NAME when a workflow cannot be called so. */
export function requireId(id: string): void {
  if (ID.test(id)) return
  throw new MillraceError(
    'MILLRACE_WORKFLOW_NAME',
    `The id is ${JSON.stringify(id)}; use 1 to 128 letters, digits, "_" or "-", not beginning with "-".`,
  )
}

/** `<name>-<time><random>`: sorts by time of submission; 40 random bits keep two of the same millisecond apart. */
export function newId(name: string): string {
  return `${name.replaceAll('.', '-')}-${Date.now().toString(36)}${randomUUID().slice(-10)}`
}
