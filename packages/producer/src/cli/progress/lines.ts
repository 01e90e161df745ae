import type { WorkflowEvent, WorkflowSummary } from '@millrace/shared'
import { countsText } from '../output/bar.ts'
import type { Look } from '../output/look.ts'
import { oneLine } from '../output/printable.ts'
import { shownState, stateText } from '../output/state.ts'
import { clockText, durationText } from '../output/time.ts'
import type { Screen } from '../terminal.ts'
import { chunkLines } from './chunks.ts'
import type { JobEvent } from './frame.ts'
import type { Presenter } from './presenter.ts'

/** For logs and files: a line when a job changes its state or emits, and when the workflow changes its state. */
export function lines(screen: Screen): Presenter {
  let last: string | undefined
  const lineOfChunk = chunkLines()
  return {
    show(event) {
      if (event.kind === 'chunk') {
        screen.write(lineOfChunk(event, screen.look()))
        return
      }
      if (event.kind === 'workflow') {
        const state = shownState(event.summary)
        if (state === last) return
        last = state
      } else if (event.progress !== undefined) return
      screen.write(`${lineOf(event, screen.look())}\n`)
    },
    end: () => {},
  }
}

type SummaryEvent = Extract<WorkflowEvent, { readonly kind: 'workflow' }>

/** `09:05:00  succeeded  fetch` for a job, `09:05:00  failed  report: 3 jobs: 2 succeeded, 1 dead, took 4.2 s` for the workflow. */
export function lineOf(event: JobEvent | SummaryEvent, look: Look): string {
  if (event.kind === 'job') return `${clockText(event.at)}  ${stateText(event.state, look)}  ${oneLine(event.job)}`
  const { summary } = event
  const at = clockText(summary.finishedAt ?? look.now)
  return `${at}  ${stateText(shownState(summary), look)}  ${summary.id}, ${countsText(summary.jobs)}${tookText(summary)}`
}

const tookText = ({ submittedAt, finishedAt }: WorkflowSummary) =>
  finishedAt === undefined ? '' : `, took ${durationText(finishedAt - submittedAt)}`
