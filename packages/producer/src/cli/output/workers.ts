import type { WorkerView } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText, durationText } from './time.ts'

/** One line per worker; what is wrong with it stands in the last column. */
export const renderWorkers = (workers: readonly WorkerView[], look: Look): string =>
  renderTable<WorkerView>(
    [
      { title: 'worker', cell: ({ name }) => oneLine(name) },
      { title: 'active', align: 'right', cell: ({ slots }) => `${slots.active}/${slots.limit}` },
      {
        title: 'range',
        align: 'right',
        drop: 4,
        cell: ({ slots: { min, max } }) => (min === max ? '' : `${min}-${max}`),
      },
      { title: 'cpu', align: 'right', cell: ({ cpu }) => percent(cpu) },
      { title: 'memory', align: 'right', cell: ({ memory }) => percent(memory.share) },
      { title: 'loop', align: 'right', drop: 3, cell: ({ loopDelayMs }) => durationText(loopDelayMs) },
      { title: 'tasks', align: 'right', drop: 2, cell: ({ tasks }) => String(tasks.length) },
      { title: 'queues', drop: 5, least: 8, cell: ({ queues }) => oneLine(queues.join(', ')) },
      { title: 'version', drop: 6, cell: ({ version }) => oneLine(version) },
      { title: 'up', align: 'right', drop: 7, cell: ({ startedAt }) => durationText(look.now - startedAt) },
      { title: 'state', least: 12, cell: (worker) => stateOf(worker, look.now) },
    ],
    workers,
    look,
  )

/** A heartbeat comes every 5 s; one that is late this long is worth a word. */
const LATE_MS = 12_000

function stateOf({ slots, breakers, unhealthy, seenAt }: WorkerView, now: number) {
  const problems = [
    ...(now - seenAt > LATE_MS ? [`silent, seen ${agoText(seenAt, now)}`] : []),
    ...(slots.taking ? [] : ['memory is short: takes nothing']),
    ...(unhealthy.length > 0 ? [`unhealthy for ${unhealthy.map(({ task }) => task).join(', ')}`] : []),
    ...(breakers.length > 0 ? [`open: ${breakers.join(', ')}`] : []),
  ]
  return problems.length === 0 ? 'well' : ({ text: oneLine(problems.join('; ')), style: 'yellow' } as const)
}

const percent = (share: number) => `${Math.round(share * 100)} %`
