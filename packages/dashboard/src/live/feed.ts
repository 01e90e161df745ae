import type { Producer } from '@millrace/producer'
import type { WorkflowView } from '@millrace/shared'
import { type Changes, changesOf } from './changes.ts'

/** How long after a look the next one may come: often enough to watch, and never more than a tenth of the time. */
const LEAST_PAUSE_MS = 400
const SHARE_OF_TIME = 10
/** A workflow that has ended can come back to life by a replay. */
const ENDED_PAUSE_MS = 5_000

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
    let pauseMs = LEAST_PAUSE_MS
    try {
      const view = await producer.get(id)
      pauseMs = Math.max(pauseMs, (performance.now() - begun) * SHARE_OF_TIME)
      if (!view) for (const tell of one.listeners) tell(undefined)
      else tellAll(one, view)
      if (!view || view.state === 'succeeded' || view.state === 'failed' || view.state === 'cancelled')
        pauseMs = ENDED_PAUSE_MS
    } catch (error) {
      failed(error)
      pauseMs = ENDED_PAUSE_MS
    }
    if (one.listeners.size > 0) one.timer = setTimeout(() => void look(id, one), pauseMs)
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

const sameSummary = (before: WorkflowView | undefined, { jobList: _, ...now }: WorkflowView): boolean => {
  if (!before) return false
  const { jobList: __, ...then } = before
  return JSON.stringify(then) === JSON.stringify(now)
}
