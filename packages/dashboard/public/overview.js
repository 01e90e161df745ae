import { get, mayAct, post } from './api.js'
import { byId, cell, el, keyedRows, press } from './dom.js'
import { ago, count, duration, percent, size } from './format.js'
import { refresh } from './refresh.js'
import { stateBadge } from './states.js'
import { followTheme } from './theme.js'
import { openWhyDrawer } from './why-drawer.js'

followTheme()
const explain = openWhyDrawer(byId('panel'))

const queues = keyedRows(
  byId('queues'),
  (/** @type {any} */ queue) => queue.name,
  ({ name, queued, active, delayed, waiting, workers, paused }) => [
    el('td', { class: 'name' }, el('a', { href: `/queues/queue/${encodeURIComponent(name)}` }, name)),
    ...[queued, active, delayed, waiting, workers].map((value) => cell(count(value), 'number')),
    cell(paused ? stateBadge('paused') : stateBadge('taking', 'open')),
    el(
      'td',
      { class: 'number' },
      el(
        'button',
        {
          type: 'button',
          class: 'small quiet',
          onclick: () => explain(name),
          'aria-label': `Why ${name} does not run`,
        },
        'Why?',
      ),
      ' ',
      mayAct
        ? button(paused ? 'Resume' : 'Pause', () =>
            change(
              `/queues/${encodeURIComponent(name)}/${paused ? 'resume' : 'pause'}`,
              `${name} is ${paused ? 'open again' : 'paused'}.`,
            ),
          )
        : undefined,
    ),
  ],
  'No queue yet: the first workflow makes one.',
)

const workers = keyedRows(
  byId('workers'),
  (/** @type {any} */ worker) => worker.id,
  ({ name, host, pid, slots, cpu, memory, loopDelayMs, queues: names, up, unhealthy, breakers }) => [
    el('td', { class: 'name' }, name, el('span', { class: 'sub' }, `${host}, process ${pid}`)),
    cell(slotsBar(slots)),
    cell(percent(cpu), 'number'),
    el(
      'td',
      { class: 'number' },
      size(memory.rssBytes),
      el('span', { class: 'sub' }, `${percent(memory.share)} of ${size(memory.limitBytes)}`),
    ),
    cell(duration(loopDelayMs), 'number'),
    cell(names.join(', '), 'text'),
    cell(up, 'number'),
    el(
      'td',
      {},
      healthOf(unhealthy, slots),
      breakers.length > 0 ? el('span', { class: 'sub' }, `open: ${breakers.join(', ')}`) : '',
    ),
  ],
  'No worker is there: nothing runs. Start one with millrace-worker --tasks <folder>.',
)

const resources = keyedRows(
  byId('resources'),
  (/** @type {any} */ resource) => resource.name,
  ({ name, state, breaker, bulkhead, opening, since, waitingForBreaker, waitingForSlot }) => [
    el('td', { class: 'name' }, name),
    cell(stateBadge(state)),
    cell(breaker || '–'),
    cell(bulkhead || '–'),
    el(
      'td',
      { class: 'number' },
      count(waitingForBreaker + waitingForSlot),
      waitingForSlot > 0 ? el('span', { class: 'sub' }, `${count(waitingForSlot)} for a slot`) : '',
    ),
    el(
      'td',
      { class: 'text' },
      opening ? opening.why : '–',
      opening ? el('span', { class: 'sub' }, `${since}, by ${opening.by}`) : '',
    ),
    cell(mayAct ? breakerButton(name, state) : '', 'number'),
  ],
  'No resource is known.',
)

const look = refresh(async () => {
  const [summary, q, w, r] = await Promise.all([get('/summary'), get('/queues'), get('/workers'), get('/resources')])
  showTiles(summary)
  const now = Date.now()
  queues.show(q.queues)
  workers.show(
    w.workers.map((/** @type {any} */ one) => ({
      ...one,
      seenAt: 0,
      up: duration(Math.floor((now - one.startedAt) / 1_000) * 1_000),
    })),
  )
  resources.show(
    r.resources.map((/** @type {any} */ one) => ({ ...one, since: one.opening && ago(one.opening.openedAt, now) })),
  )
}, 2_000)

/** @param {any} summary */
function showTiles({ workflows, deadLetters, jobs, slots, workers, openBreakers }) {
  const tiles = [
    ['Workflows running', count(workflows.running + workflows.loading), ''],
    ['Jobs queued', count(jobs.queued), jobs.delayed > 0 ? `${count(jobs.delayed)} delayed` : ''],
    ['Jobs active', count(jobs.active), `of ${count(slots.limit)} slots`],
    ['Waiting for needs', count(jobs.waiting), ''],
    ['Workers', count(workers), ''],
    ['Dead letters', count(deadLetters), ''],
    ['Breakers open', count(openBreakers), ''],
    [
      'Workflows failed',
      count(workflows.failed),
      `of ${count(workflows.failed + workflows.succeeded + workflows.cancelled)} ended`,
    ],
  ]
  byId('tiles').replaceChildren(
    ...tiles.map(([label, value, more]) =>
      el('div', {}, el('dt', {}, label), el('dd', {}, value, ' ', more ? el('small', {}, more) : undefined)),
    ),
  )
}

/** @param {{ limit: number, active: number }} slots */
function slotsBar({ limit, active }) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [name, value] of [
    ['class', 'bar'],
    ['viewBox', '0 0 150 8'],
    ['preserveAspectRatio', 'none'],
    ['aria-hidden', 'true'],
  ])
    svg.setAttribute(String(name), String(value))
  for (const [name, value] of Object.entries({
    width: (150 * Math.min(active, limit)) / Math.max(1, limit),
    height: 8,
    class: 'fill-active',
  }))
    rect.setAttribute(name, String(value))
  svg.append(rect)
  return el('span', { class: 'progress' }, svg, `${active} of ${limit}`)
}

/** @param {{ task: string }[]} unhealthy @param {{ taking: boolean }} slots */
function healthOf(unhealthy, { taking }) {
  if (unhealthy.length > 0) return stateBadge('unhealthy', `fails: ${unhealthy.map(({ task }) => task).join(', ')}`)
  return taking ? stateBadge('healthy', 'takes jobs') : stateBadge('paused', 'takes no more')
}

/** @param {string} label @param {() => Promise<string>} act */
function button(label, act) {
  const self = el('button', { type: 'button', class: 'small' }, label)
  self.addEventListener('click', () => press(self, act))
  return self
}

/** @param {string} name @param {string} state */
function breakerButton(name, state) {
  const address = `/resources/${encodeURIComponent(name)}`
  return state === 'closed'
    ? button('Open breaker', () =>
        change(`${address}/open`, `The breaker of ${name} is open until somebody closes it.`),
      )
    : button('Close breaker', () => change(`${address}/close`, `The breaker of ${name} is closed.`))
}

/** @param {string} address @param {string} said */
async function change(address, said) {
  await post(address)
  void look()
  return said
}
