import { byId, cell, el, keyedRows } from './dom.js'
import { duration } from './format.js'
import { JOB_STATES, stateBadge } from './states.js'

const PAGE = 100

/** The jobs as a table: for whoever cannot use the picture, and for filters. @param {(name: string) => void} choose */
export function openJobList(choose) {
  const form = /** @type {HTMLFormElement} */ (byId('job-filters'))
  const select = /** @type {HTMLSelectElement} */ (form.elements.namedItem('state'))
  select.append(el('option', { value: '' }, 'all'), ...JOB_STATES.map((state) => el('option', { value: state }, state)))
  let limit = PAGE
  /** @type {any[]} */
  let all = []
  /** @type {string | undefined} */
  let chosen
  const rows = keyedRows(
    byId('jobs'),
    (/** @type {any} */ job) => job.name,
    ({ name, state, task, queue, attempts, took }) => [
      el('td', { class: 'name' }, el('button', { type: 'button', class: 'link', onclick: () => choose(name) }, name)),
      cell(stateBadge(state ?? 'waiting')),
      cell(task ?? '', 'text'),
      cell(queue ?? ''),
      cell(String(attempts ?? 0), 'number'),
      cell(took, 'number'),
    ],
    'No job fits the filter.',
  )

  function draw() {
    const { state, text } = Object.fromEntries(new FormData(form))
    const wanted = String(text).toLowerCase()
    const fits = all.filter(
      (job) => (!state || job.state === state) && (!wanted || `${job.name} ${job.task}`.toLowerCase().includes(wanted)),
    )
    rows.show(fits.slice(0, limit))
    byId('more-jobs').hidden = fits.length <= limit
    mark()
  }
  function mark() {
    for (const row of byId('jobs').tBodies[0].rows)
      row.setAttribute('aria-selected', String(row.dataset['key'] === chosen))
  }

  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', () => {
    limit = PAGE
    draw()
  })
  byId('more-jobs').addEventListener('click', () => {
    limit += PAGE
    draw()
  })
  return {
    /** @param {Map<string, any>} jobs @param {number} now */
    show(jobs, now) {
      all = [...jobs.values()].map(({ name, state, task, queue, attempts, startedAt, finishedAt }) => ({
        name,
        state,
        task,
        queue,
        attempts,
        took: startedAt && (finishedAt || state === 'active') ? duration((finishedAt ?? now) - startedAt) : '–',
      }))
      draw()
    },
    /** @param {string | undefined} name */
    choose(name) {
      chosen = name
      mark()
    },
  }
}
