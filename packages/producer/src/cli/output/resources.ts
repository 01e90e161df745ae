import type { ResourceView } from '@millrace/shared'
import { renderFields } from './fields.ts'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { durationText, momentText } from './time.ts'

const STYLES = { closed: 'green', 'half-open': 'yellow', open: 'red' } as const

/** When the next probe is made, as far as that is known. */
function probeText({ state, opening }: ResourceView): string {
  if (!opening) return ''
  if (opening.halfOpenInMs === null) return 'by hand'
  return state === 'half-open' ? 'now' : `in ${durationText(opening.halfOpenInMs)}`
}

const count = (jobs: number) => (jobs > 0 ? String(jobs) : '')

export const renderResources = (resources: readonly ResourceView[], look: Look): string =>
  renderTable<ResourceView>(
    [
      { title: 'resource', cell: ({ name }) => oneLine(name) },
      { title: 'state', cell: ({ state }) => ({ text: state, style: STYLES[state] }) },
      { title: 'probe', cell: probeText },
      { title: 'waiting', align: 'right', cell: ({ waitingForBreaker }) => count(waitingForBreaker) },
      { title: 'no slot', align: 'right', drop: 2, cell: ({ waitingForSlot }) => count(waitingForSlot) },
      { title: 'breaker', drop: 3, cell: ({ breaker }) => breaker },
      { title: 'bulkhead', drop: 3, cell: ({ bulkhead }) => bulkhead },
      { title: 'why', least: 12, drop: 1, cell: ({ opening }) => oneLine(opening?.why ?? '') },
    ],
    resources,
    look,
  )

export const renderResource = (resource: ResourceView, look: Look): string =>
  renderFields(
    [
      ['resource', oneLine(resource.name)],
      ['state', look.paint(STYLES[resource.state], resource.state)],
      ['breaker', resource.breaker || 'none'],
      ['bulkhead', resource.bulkhead && `${resource.bulkhead} per worker`],
      ['opened', resource.opening && momentText(resource.opening.openedAt, look.now)],
      ['times', resource.opening && `${resource.opening.openings}, since it was last closed`],
      ['by', resource.opening && oneLine(resource.opening.by)],
      ['why', resource.opening && oneLine(resource.opening.why)],
      ['probe', probeText(resource)],
      ['waiting', `${resource.waitingForBreaker} for the breaker, ${resource.waitingForSlot} for a slot`],
    ],
    look,
  )
