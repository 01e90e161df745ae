import { el } from './dom.js'

export const JOB_STATES = ['waiting', 'delayed', 'queued', 'active', 'succeeded', 'dead', 'skipped', 'cancelled']

/** A sign per state, 16 by 16, drawn with a line: so that no state is told by its colour alone. */
const SIGNS = {
  waiting: 'M8 2.5a5.5 5.5 0 1 0 .01 0M5 8h.01M8 8h.01M11 8h.01',
  delayed: 'M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3.2l2 1.6',
  queued: 'M3 4.5h10M3 8h10M3 11.5h6',
  active: 'M5.5 3.5v9l7-4.5z',
  succeeded: 'M3 8.5l3.5 3.5L13 4.5',
  dead: 'M4 4l8 8M12 4l-8 8',
  skipped: 'M3 4l5 4-5 4M8.5 4l5 4-5 4',
  cancelled: 'M8 2.5a5.5 5.5 0 1 0 .01 0M4.2 4.2l7.6 7.6',
}

/** Workflows, breakers and workers use the signs of jobs. */
const SAME = /** @type {Record<string, keyof typeof SIGNS>} */ ({
  loading: 'waiting',
  running: 'active',
  failed: 'dead',
  held: 'delayed',
  open: 'dead',
  'half-open': 'delayed',
  closed: 'succeeded',
  taking: 'succeeded',
  healthy: 'succeeded',
  unhealthy: 'dead',
  paused: 'delayed',
})

/** @param {string} state */
export const signOf = (state) => SIGNS[/** @type {keyof typeof SIGNS} */ (SAME[state] ?? state)] ?? SIGNS.waiting

/** A state as people see it: sign, colour and word. @param {string} state @param {string} [word] */
export function stateBadge(state, word = state) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('aria-hidden', 'true')
  path.setAttribute('d', signOf(state))
  for (const [name, value] of [
    ['fill', 'none'],
    ['stroke', 'currentColor'],
    ['stroke-width', '2'],
    ['stroke-linecap', 'round'],
    ['stroke-linejoin', 'round'],
  ]) {
    path.setAttribute(String(name), String(value))
  }
  svg.append(path)
  return el('span', { class: `state tone-${state}` }, svg, word)
}

/**
 * How far a workflow is, as a bar of what ended and how.
 *
 * @param {Record<string, number>} jobs
 */
export function progressBar(jobs) {
  const { total = 0, waiting = 0, runnable = 0, succeeded = 0, dead = 0, skipped = 0, cancelled = 0 } = jobs
  return partsBar(total, { succeeded, dead, skipped, cancelled }, total - waiting - runnable)
}

/**
 * Parts of a whole as a bar, and beside it how much of it is done.
 *
 * @param {number} whole @param {Record<string, number>} parts state → count @param {number} done
 */
export function partsBar(whole, parts, done) {
  const total = Math.max(1, whole)
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'bar')
  svg.setAttribute('viewBox', '0 0 150 8')
  svg.setAttribute('preserveAspectRatio', 'none')
  svg.setAttribute('aria-hidden', 'true')
  let from = 0
  for (const [state, count] of Object.entries(parts)) {
    const width = (150 * count) / total
    const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
    for (const [name, value] of Object.entries({ x: from, y: 0, width, height: 8, class: `fill-${state}` }))
      rect.setAttribute(name, String(value))
    svg.append(rect)
    from += width
  }
  return el('span', { class: 'progress' }, svg, `${Math.floor((100 * done) / total)} %`)
}
