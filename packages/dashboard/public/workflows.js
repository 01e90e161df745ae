import { get } from './api.js'
import { byId, cell, el, keyedRows, workflowLink } from './dom.js'
import { ago, count, duration, moment } from './format.js'
import { refresh } from './refresh.js'
import { progressBar, stateBadge } from './states.js'
import { followTheme } from './theme.js'

const PAGE = 50
const filters = /** @type {HTMLFormElement} */ (byId('filters'))
let limit = PAGE

followTheme()
restoreFilters()

const rows = keyedRows(
  byId('list'),
  (/** @type {any} */ workflow) => workflow.id,
  ({ id, name, state, held, paused, jobs, priority, submittedAt, since, took }) => [
    el('td', { class: 'name' }, workflowLink(id, name), el('span', { class: 'sub' }, id)),
    cell(stateBadge(paused ? 'paused' : held ? 'held' : state)),
    cell(progressBar(jobs)),
    cell(count(jobs.total), 'number'),
    cell(jobs.dead > 0 ? el('span', { class: 'state tone-dead' }, count(jobs.dead)) : '0', 'number'),
    cell(priority),
    el('td', { class: 'nowrap', title: moment(submittedAt) }, since),
    cell(took, 'number'),
  ],
  'No workflows.',
)

const look = refresh(async () => {
  const { state, name } = Object.fromEntries(new FormData(filters))
  const query = new URLSearchParams({
    limit: String(limit),
    ...(state && { state: String(state) }),
    ...(name && { name: String(name) }),
  })
  const { workflows } = await get(`/workflows?${query}`)
  const now = Date.now()
  rows.show(
    workflows.map((/** @type {any} */ one) => ({
      ...one,
      since: ago(one.submittedAt, now),
      took: duration((one.finishedAt ?? now) - one.submittedAt),
    })),
  )
  byId('more').hidden = workflows.length < limit || limit >= 500
  byId('list').closest('.scroll').hidden = workflows.length === 0
  byId('empty').hidden = workflows.length > 0
  byId('empty').replaceChildren(
    ...(state || name
      ? ['No workflow fits the filter.']
      : ['No workflow yet. Submit one: ', el('code', {}, 'npx millrace enqueue <workflow.yaml>')]),
  )
}, 2_000)

filters.addEventListener('submit', (event) => event.preventDefault())
filters.addEventListener('input', () => {
  limit = PAGE
  const { state, name } = Object.fromEntries(new FormData(filters))
  const query = new URLSearchParams({ ...(state && { state: String(state) }), ...(name && { name: String(name) }) })
  history.replaceState(undefined, '', query.size > 0 ? `?${query}` : location.pathname)
  void look()
})
byId('more').addEventListener('click', () => {
  limit = Math.min(500, limit + PAGE)
  void look()
})

/** Filters stand in the address, so that a list can be shared and reloaded. */
function restoreFilters() {
  const query = new URLSearchParams(location.search)
  const state = filters.querySelector(`input[value="${CSS.escape(query.get('state') ?? '')}"]`)
  if (state instanceof HTMLInputElement) state.checked = true
  const name = filters.elements.namedItem('name')
  if (name instanceof HTMLInputElement) name.value = query.get('name') ?? ''
}
