import { ApiError, get, mayAct, post, stream } from './api.js'
import { byId, confirmed, el, press } from './dom.js'
import { counted, duration, moment } from './format.js'
import { openJobList } from './job-list.js'
import { openJobPanel } from './job-panel.js'
import { openPicture } from './picture.js'
import { followPointer } from './picture-view.js'
import { sayLive } from './refresh.js'
import { rerunFacts } from './rerun.js'
import { JOB_STATES, progressBar, stateBadge } from './states.js'
import { followTheme } from './theme.js'
import { followWhy, workflowWhy } from './why.js'

const id = String(/** @type {HTMLElement} */ (document.querySelector('[data-workflow]')).dataset['workflow'])
const address = `/workflows/${encodeURIComponent(id)}`
/** @type {Map<string, any>} */
const jobs = new Map()
/** It costs Redis as much as a look at all jobs does. */
const WHY_EVERY_MS = 4_000
/** The clock of the dashboard less ours, ms. */
let ahead = 0
const now = () => Date.now() + ahead
/** @type {any} */
let summary

const canvas = /** @type {HTMLCanvasElement} */ (byId('canvas'))
const picture = openPicture(canvas, {
  moved: (scale) => {
    byId('zoom').textContent = `${scale < 0.095 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %`
  },
  now,
})
const panel = openJobPanel(byId('panel'), {
  workflow: id,
  choose,
  close: () => choose(undefined),
  replayed: () => {},
  // what another job spawned runs again with it
  mayRerun: (name) => summary?.finishedAt !== undefined && !jobs.has(name.slice(0, Math.max(0, name.lastIndexOf('.')))),
})
const list = openJobList(choose)
followTheme(() => picture.recolour())
showLegend()

// the picture, and the changes to it
let asking = false
async function redraw() {
  if (asking) return
  asking = true
  try {
    const graph = await get(`${address}/graph`)
    for (const job of graph.jobs) jobs.set(job.name, { ...job, ...jobs.get(job.name) })
    picture.take(graph)
    picture.update(jobs, graph.criticalPath)
    list.show(jobs, now())
  } finally {
    asking = false
  }
}

const events = stream(`${address}/live`)
events.addEventListener('open', () => sayLive('live'))
events.addEventListener('error', () => sayLive('lost'))
events.addEventListener('changes', (event) => {
  const changes = JSON.parse(event.data)
  ahead = changes.at - Date.now()
  for (const job of changes.jobs) jobs.set(job.name, { ...jobs.get(job.name), ...job, finishedAt: job.finishedAt })
  summary = changes.summary
  showSummary()
  if (changes.reshaped) redraw().catch(problem)
  else picture.update(jobs, changes.criticalPath)
  list.show(jobs, now())
  panel.changed(changes.jobs.map((/** @type {any} */ job) => job.name))
})
setInterval(() => {
  if (!summary || summary.finishedAt) return
  showSummary()
  picture.draw() // running jobs grow older
}, 1_000)

function showSummary() {
  const { name, state, jobs: counts, priority, submittedAt, finishedAt } = summary
  byId('name').textContent = name
  document.title = `${name} · ${state} · Millrace`
  const facts = [
    ['State', shownState()],
    ['Progress', progressBar(counts)],
    ['Jobs', counted(counts.total, 'job')],
    ['Dead', String(counts.dead)],
    ['Priority', priority],
    [finishedAt ? 'Took' : 'Runs for', duration((finishedAt ?? now()) - submittedAt)],
    ['Submitted', moment(submittedAt)],
    ['Id', el('code', {}, id)],
    ...rerunFacts(summary),
  ].filter(([, value]) => value)
  byId('facts').replaceChildren(
    ...facts.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, /** @type {any} */ (value)))),
  )
  byId('cancel').hidden = !mayAct || (state !== 'running' && state !== 'loading')
  byId('replay').hidden = !mayAct || counts.dead === 0 || state === 'cancelled' || state === 'failed'
  byId('retry').hidden = !mayAct || (state !== 'failed' && state !== 'cancelled')
  explain(state === 'running' || state === 'loading')
}

/** What its next jobs wait for, while it has any. @type {(() => void) | undefined} */
let stopWhy
/** @param {boolean} open */
function explain(open) {
  if (!open) {
    stopWhy?.()
    stopWhy = undefined
    byId('why').hidden = true
  } else if (!stopWhy) {
    stopWhy = followWhy(
      byId('why-reasons'),
      `${address}/why`,
      (answer) => {
        const parts = workflowWhy(answer, choose)
        byId('why').hidden = parts.length === 0
        return parts
      },
      WHY_EVERY_MS,
    )
  }
}

/** That it is held or paused is what a person must know first. */
function shownState() {
  if (summary.held) return stateBadge('held', 'held: replay to go on')
  return summary.paused ? stateBadge('paused') : stateBadge(summary.state)
}

// what the buttons do
byId('cancel').addEventListener('click', async () => {
  const sure = await confirmed(
    'Cancel this workflow?',
    'What runs is aborted, and what has not begun will not. This is final.',
    'Cancel the workflow',
  )
  if (sure) await press(byId('cancel'), async () => `Cancelled: ${(await post(`${address}/cancel`)).name}`)
})
byId('replay').addEventListener('click', () =>
  press(byId('replay'), async () => {
    const { replayed, refused } = await post('/dead-letters/replay', { filter: { workflow: id } })
    return `${counted(replayed.length, 'job')} sent back${refused.length > 0 ? `, ${refused.length} refused: ${refused[0].reason}` : ''}.`
  }),
)
byId('retry').addEventListener('click', () =>
  press(byId('retry'), async () => {
    const { replayed, revived } = await post(`${address}/retry`)
    if (replayed.length + revived === 0) return 'There is nothing to run again: its dead letters were discarded.'
    return `${counted(replayed.length, 'dead job')} and ${counted(revived, 'cancelled job')} run again.`
  }),
)
byId('zoom-in').addEventListener('click', () => picture.view.zoom(1.3))
byId('zoom-out').addEventListener('click', () => picture.view.zoom(1 / 1.3))
byId('fit').addEventListener('click', () => picture.view.fit())
byId('critical').addEventListener('change', () => picture.showCritical(byId('critical').checked))

// choosing a job: by pointer, by keys, in the list, in the address
/** @param {string | undefined} name @param {boolean} [look] */
function choose(name, look = true) {
  picture.choose(name)
  list.choose(name)
  history.replaceState(undefined, '', name === undefined ? location.pathname : `#${encodeURIComponent(name)}`)
  if (name === undefined) {
    panel.hide()
    canvas.focus({ preventScroll: true })
    return
  }
  if (look) requestAnimationFrame(() => picture.show(name))
  panel.show(name)
}
followPointer(canvas, picture.view, {
  click: (x, y) => {
    const name = picture.at(x, y)
    if (name !== undefined) choose(name, false)
  },
  hover: (x, y) => picture.at(x, y) !== undefined,
})
const WAYS = /** @type {Record<string, 'left' | 'right' | 'up' | 'down'>} */ ({
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
})
canvas.addEventListener('keydown', (event) => {
  const way = WAYS[event.key]
  const at = picture.chosen
  if (way) {
    const name = at === undefined ? picture.first : (picture.next(at, way) ?? at)
    if (name === undefined) return
    picture.choose(name)
    picture.show(name)
    byId('focused').textContent = `${name}, ${jobs.get(name)?.state}, task ${jobs.get(name)?.task}`
  } else if (event.key === 'Enter' && at !== undefined) choose(at)
  else if (event.key === '+' || event.key === '=') picture.view.zoom(1.3)
  else if (event.key === '-') picture.view.zoom(1 / 1.3)
  else if (event.key === '0') picture.view.fit()
  else return
  event.preventDefault()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]') && !byId('panel').hidden) choose(undefined)
})

redraw()
  .then(() => {
    const name = decodeURIComponent(location.hash.slice(1))
    if (jobs.has(name)) choose(name)
  })
  .catch(problem)

/** @param {unknown} error */
function problem(error) {
  if (!(error instanceof ApiError) || error.status !== 404) return sayLive('lost')
  events.close()
  sayLive('lost')
  byId('facts').replaceChildren()
  document.querySelector('.stage')?.replaceWith(el('p', { class: 'empty' }, error.message))
}

function showLegend() {
  const path = el('span', { class: 'state path' }, 'critical path: decides when it ends')
  byId('legend').replaceChildren(...JOB_STATES.map((state) => el('li', {}, stateBadge(state))), el('li', {}, path))
}
