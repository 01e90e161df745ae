import { MillraceError, type WorkflowSummary } from '@millrace/shared'
import type { Producer } from '../contract.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { LETTERS_IN_CONCLUSION, renderConclusion } from './output/conclusion.ts'
import type { Session } from './session.ts'

/** Says on stderr how a workflow that was waited for ended and what to do about it. */
export async function conclude(session: Session, pool: Producer, summary: WorkflowSummary): Promise<ExitCode> {
  if (summary.state === 'succeeded') return EXIT.done
  const { letters } = await pool.deadLetters.query({ workflow: summary.id }, { limit: LETTERS_IN_CONCLUSION + 1 })
  session.talk(renderConclusion(summary, letters, session.err.look()))
  return EXIT.failed
}

/** Ctrl-C ends the watching, not the workflow. */
export function interrupted(session: Session, id: string): ExitCode {
  session.talk(`\nNo longer watching; the workflow goes on. Watch it again: millrace watch ${id}`)
  return EXIT.interrupted
}

export const noWorkflow = (id: string) =>
  new MillraceError(
    'MILLRACE_WORKFLOW_NOT_FOUND',
    `There is no workflow ${JSON.stringify(id)}; \`millrace list\` shows those that exist.`,
  )
