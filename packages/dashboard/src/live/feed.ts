import type { Producer } from '@millrace/producer'
import type { WorkflowSummary, WorkflowView } from '@millrace/shared'
import { type Changes, changesOf } from './changes.ts'

/** How long after a look the next one may come: often enough to watch, and never more than a tenth of the time. */
const LEAST_PAUSE_MS = 400
const SHARE_OF_TIME = 10
/** A workflow that has ended can come back to life by a replay: its header is looked at so often, and no job before that. */
const ENDED_PAUSE_MS = 800
const FAILED_PAUSE_MS = 5_000

export interface Feed {
  /** Calls back with the whole workflow first, then with what changes. Gives a function that stops it. */
  follow(id: string, tell: (changes: Changes | undefined) => void): () => void
  stop(): void
}

interface Followed {
  last: WorkflowView | undefined
  readonly listeners: Set<(changes: Changes | undefined) => void>
  timer: NodeJS.Timeout | undefined
}

/** Looks at a workflow for all who watch it together: a hundred readers cost Redis no more than one. */
export function openFeed(producer: Producer, failed: (error: unknown) => void, now: () => number = Date.now): Feed {
  const followed = new Map<string, Followed>()

  async function look(id: string, one: Followed): Promise<void> {
    const begun = performance.now()
    const again = (afterMs: number) => {
      if (one.listeners.size > 0) one.timer = setTimeout(() => void look(id, one), afterMs)
    }
    let pauseMs = LEAST_PAUSE_MS
    try {
      if (one.last && isOver(one.last.state)) {
        const summary = await producer.summary(id)
        if (summary && sameSummary(one.last, summary)) return again(ENDED_PAUSE_MS)
      }
      const view = await producer.get(id)
      pauseMs = Math.max(pauseMs, (performance.now() - begun) * SHARE_OF_TIME)
      if (!view) for (const tell of one.listeners) tell(undefined)
      else tellAll(one, view)
      if (!view || isOver(view.state)) pauseMs = ENDED_PAUSE_MS
    } catch (error) {
      failed(error)
      pauseMs = FAILED_PAUSE_MS
    }
    again(pauseMs)
  }

  function tellAll(one: Followed, view: WorkflowView): void {
    const changes = changesOf(one.last, view, now())
    const nothing = changes.jobs.length === 0 && !changes.reshaped && sameSummary(one.last, view)
    one.last = view
    if (!nothing) for (const tell of one.listeners) tell(changes)
  }

  return {
    follow(id, tell) {
      const known = followed.get(id)
      const one: Followed = known ?? { last: undefined, listeners: new Set(), timer: undefined }
      one.listeners.add(tell)
      if (!known) {
        followed.set(id, one)
        void look(id, one)
      } else if (one.last) {
        tell(changesOf(undefined, one.last, now()))
      }
      return () => {
        one.listeners.delete(tell)
        if (one.listeners.size > 0) return
        clearTimeout(one.timer)
        if (followed.get(id) === one) followed.delete(id)
      }
    },
    stop() {
      for (const one of followed.values()) {
        clearTimeout(one.timer)
        one.listeners.clear()
      }
      followed.clear()
    },
  }
}

const isOver = (state: WorkflowSummary['state']) => state === 'succeeded' || state === 'failed' || state === 'cancelled'

const sameSummary = (before: WorkflowView | undefined, now: WorkflowSummary): boolean =>
  before !== undefined && JSON.stringify(summaryOf(before)) === JSON.stringify(summaryOf(now))

function summaryOf(of: WorkflowSummary | WorkflowView): WorkflowSummary {
  const { jobList: _, ...summary } = { jobList: undefined, ...of }
  return summary
}
