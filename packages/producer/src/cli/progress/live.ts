import type { WorkflowSummary } from '@millrace/shared'
import type { Screen } from '../terminal.ts'
import { chunkLines } from './chunks.ts'
import { type JobEvent, renderFrame, renderJobEvent } from './frame.ts'
import type { Presenter } from './presenter.ts'

/** Ten pictures a second look like motion and cost next to nothing, however many events there are. */
const REDRAW_EVERY_MS = 100

const CLEAR_BELOW = '\u001b[J'
const upLines = (count: number) => (count === 0 ? '' : `\u001b[${count}A`)

/** For people: a picture that is drawn over in place. Jobs that die and what jobs emit is written above it and stays. */
export function live(screen: Screen): Presenter {
  let last: JobEvent | undefined
  let summary: WorkflowSummary | undefined
  let drawnLines = 0
  let stale = true
  let above = ''
  const lineOfChunk = chunkLines()

  function draw(): void {
    if (!summary) return
    const frame = renderFrame(summary, last, screen.look())
    screen.write(`${upLines(drawnLines)}\r${CLEAR_BELOW}${above}${frame.join('\n')}\n`)
    drawnLines = frame.length
    stale = false
    above = ''
  }

  let seconds = 0
  const timer = setInterval(() => {
    const second = Math.floor(Date.now() / 1_000) // the elapsed time moves even when nothing else does
    if (stale || second !== seconds) draw()
    seconds = second
  }, REDRAW_EVERY_MS)

  return {
    show(event) {
      stale = true
      if (event.kind === 'workflow') {
        const first = summary === undefined
        summary = event.summary
        if (first) draw()
        return
      }
      if (event.kind === 'chunk') {
        above += lineOfChunk(event, screen.look())
        return
      }
      last = event
      if (event.state !== 'dead') return
      above += `${renderJobEvent(event, screen.look())}\n`
      draw()
    },
    end() {
      clearInterval(timer)
      if (stale) draw()
    },
  }
}
