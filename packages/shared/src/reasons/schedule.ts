import type { WorkerView } from '../pool/heartbeat.ts'
import type { ScheduleView } from '../schedules/schedule.ts'
import type { Reason, ScheduleReasons } from './reason.ts'
import { spanText } from './words.ts'

/** Why a schedule submits nothing now, and what became of its last run. */
export function scheduleReasons(
  { name, nextAt, last }: ScheduleView,
  workers: readonly WorkerView[],
  now: number,
): ScheduleReasons {
  const reasons: Reason[] = []
  if (workers.length === 0) {
    reasons.push({
      code: 'no-worker',
      text: 'No live worker is there: it is workers that submit what is due.',
      help: 'Start one: millrace-worker --tasks <folder>',
    })
  }
  if (nextAt !== undefined && nextAt > now) {
    reasons.push({ code: 'not-due', text: `Its next run is due in ${spanText(nextAt - now)}.`, until: nextAt })
  }
  if (last && last.outcome !== 'submitted') {
    const text = `Its last run, due ${spanText(now - last.slot)} ago, was ${last.outcome}: ${last.why ?? 'the reason was not kept'}.`
    const code = last.outcome === 'skipped' ? 'last-run-skipped' : 'last-run-refused'
    reasons.push({ code, ...(last.workflow !== undefined && { about: `workflow ${last.workflow}` }), text })
  }
  return { kind: 'schedule', name, at: now, reasons }
}
