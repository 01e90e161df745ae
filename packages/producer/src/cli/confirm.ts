import { createInterface } from 'node:readline/promises'
import { MillraceError } from '@millrace/shared'
import type { Session } from './session.ts'

/**
 * Asks a question that only "y" or "yes" answers with yes.
 *
 * @throws MillraceError MILLRACE_USAGE when nobody is there to answer.
 */
export async function confirm(question: string, session: Session): Promise<boolean> {
  if (!process.stdin.isTTY || !session.err.live) {
    throw new MillraceError('MILLRACE_USAGE', `${question} Nobody can answer here: say --yes.`)
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr })
  try {
    // Ctrl-C and Ctrl-D close the dialogue: that is a no
    const closed = new Promise<string>((resolve) => dialogue.once('close', () => resolve('')))
    const answer = await Promise.race([dialogue.question(`${question} [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    dialogue.close()
  }
}
