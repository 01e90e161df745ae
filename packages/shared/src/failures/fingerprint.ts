import { createHash } from 'node:crypto'
import { topFrame } from './frame.ts'
import { normaliseMessage } from './normalise.ts'

/** What makes two failures the same. */
export interface Fingerprint {
  /** 12 hexadecimal digits of a hash of the rest. */
  readonly id: string
  readonly task: string
  readonly code: string
  /** The message without what changes. */
  readonly pattern: string
  /** `function@folder/file` in the user's code, or empty. */
  readonly frame: string
}

/** Two failures have the same fingerprint when task, code, normalised message and the place in the user's code agree. */
export function fingerprintOf(task: string, code: string, message: string, stack: string): Fingerprint {
  const pattern = normaliseMessage(message)
  const frame = topFrame(stack)
  const id = createHash('sha1').update([task, code, pattern, frame].join('\n')).digest('hex').slice(0, 12)
  return { id, task, code, pattern, frame }
}
