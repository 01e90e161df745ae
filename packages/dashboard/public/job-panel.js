import { get, mayAct, post } from './api.js'
import { el, press, workflowLink } from './dom.js'
import { duration, json, moment } from './format.js'
import { rerunButton } from './rerun.js'
import { stateBadge } from './states.js'
import { followWhy, jobWhy } from './why.js'

/** States in which one asks why; what is dead or succeeded tells it by its error or output. */
const EXPLAINED = new Set(['waiting', 'delayed', 'queued', 'active', 'skipped', 'cancelled'])

/**
 * Shows one job beside the picture.
 *
 * @param {HTMLElement} panel
 * @param {{ workflow: string, choose: (name: string) => void, close: () => void, replayed: () => void, mayRerun: (name: string) => boolean }} options
 */
export function openJobPanel(panel, { workflow, choose, close, replayed, mayRerun }) {
  /** @type {string | undefined} */
  let shown
  let turn = 0
  let stopWhy = () => {}
  const why = el('section', { class: 'why', 'aria-label': 'Why' })
  const pathOf = (/** @type {string} */ name) =>
    `/workflows/${encodeURIComponent(workflow)}/jobs/${encodeURIComponent(name)}`

  /** @param {string} name @param {boolean} first */
  async function read(name, first) {
    const mine = ++turn
    try {
      const job = await get(pathOf(name))
      if (mine !== turn) return
      const { scrollTop } = panel
      panel.replaceChildren(...partsOf(job))
      stopWhy()
      if (first) why.replaceChildren()
      stopWhy = () => {}
      if (EXPLAINED.has(job.state)) stopWhy = followWhy(why, `${pathOf(name)}/why`, jobWhy)
      panel.scrollTop = first ? 0 : scrollTop
    } catch (error) {
      if (mine === turn)
        panel.replaceChildren(head(name), el('p', { class: 'wrong' }, /** @type {Error} */ (error).message))
    }
    if (first) /** @type {HTMLElement | null} */ (panel.querySelector('h2'))?.focus({ preventScroll: true })
  }

  const head = (/** @type {string} */ name) =>
    el(
      'div',
      { class: 'head' },
      el('h2', { tabindex: -1 }, name),
      el('button', { type: 'button', class: 'small quiet', onclick: close, 'aria-label': 'Close' }, '✕'),
    )

  /** @param {any} job */
  function partsOf(job) {
    const { name, state, task, queue, when, needs, attempts, worker, startedAt, finishedAt, error, skippedBecause } =
      job
    const facts = [
      ['State', stateBadge(state)],
      ['Task', task],
      ['Queue', queue],
      ['Attempts', String(attempts)],
      ['Worker', worker],
      ['Started', startedAt && moment(startedAt)],
      ['Ran for', startedAt && finishedAt && duration(finishedAt - startedAt)],
      ['Estimate', job.estimateMs && duration(job.estimateMs)],
      ['Runs when', when === 'succeeded' ? undefined : `its needs ${when === 'always' ? 'have ended' : 'failed'}`],
      ['Needs', needs.length > 0 && needsOf(needs)],
      ['Skipped', skippedBecause],
      ['Ran in', job.carriedFrom && workflowLink(job.carriedFrom)],
      ['Effects done', job.effects.length > 0 && job.effects.join(', ')],
    ].filter(([, value]) => value)
    const actions = [
      job.deadLetter && mayAct && replayButton(job.deadLetter),
      mayAct && mayRerun(name) && rerunButton(workflow, name),
    ].filter(Boolean)
    return [
      head(name),
      el('dl', { class: 'pairs' }, ...facts.flatMap(([label, value]) => [el('dt', {}, label), el('dd', {}, value)])),
      ...(error
        ? [el('h3', {}, 'Error'), el('div', { class: 'wrong' }, el('code', {}, error.code), error.message)]
        : []),
      ...(actions.length > 0 ? [el('p', { class: 'actions' }, ...actions)] : []),
      ...(EXPLAINED.has(state) ? [why] : []),
      ...part('Progress', job.progress),
      ...part('Input', job.input),
      ...part('Output', job.output),
      ...part('Checkpoint', job.checkpoint),
      ...failures(job.failures),
      ...logs(job),
    ]
  }

  /** @param {string[]} needs */
  function needsOf(needs) {
    const span = el('span')
    for (const [index, need] of needs.slice(0, 50).entries()) {
      if (index > 0) span.append(', ')
      span.append(el('button', { type: 'button', class: 'link', onclick: () => choose(need) }, need))
    }
    if (needs.length > 50) span.append(` and ${needs.length - 50} more`)
    return span
  }

  /** @param {string} letter */
  function replayButton(letter) {
    const button = el('button', { type: 'button', class: 'first' }, 'Replay this job')
    button.addEventListener('click', () =>
      press(button, async () => {
        const { replayed: done, refused } = await post('/dead-letters/replay', { ids: [letter] })
        replayed()
        if (done.length > 0) return 'Sent back to its queue.'
        return refused[0] ? `Refused: ${refused[0].reason}.` : 'It was replayed or discarded already.'
      }),
    )
    return button
  }

  return {
    /** @param {string} name */
    show(name) {
      shown = name
      panel.hidden = false
      panel.replaceChildren(head(name))
      void read(name, true)
    },
    hide() {
      shown = undefined
      stopWhy()
      turn++
      panel.hidden = true
    },
    /** Shows it anew when it is among these. @param {string[]} names */
    changed(names) {
      if (shown !== undefined && names.includes(shown)) void read(shown, false)
    },
  }
}

/** @param {string} title @param {unknown} value */
const part = (title, value) =>
  value === undefined ? [] : [el('h3', {}, title), el('pre', { tabindex: 0 }, json(value) ?? '')]

/** @param {string[]} stacks */
function failures(stacks) {
  if (stacks.length === 0) return []
  const one = (/** @type {string} */ stack, /** @type {number} */ index) =>
    el(
      'details',
      index === stacks.length - 1 ? { open: true } : {},
      el('summary', {}, `Failure ${index + 1} of ${stacks.length}`),
      el('pre', { tabindex: 0 }, stack),
    )
  return [el('h3', {}, 'Failed attempts'), ...stacks.map(one)]
}

/** @param {any} job */
function logs({ id, logs: lines }) {
  const where = el(
    'p',
    { class: 'sub' },
    'What the handler logs with ctx.log stands in the log of its worker, each line with this job: ',
    el('code', {}, id),
  )
  return [el('h3', {}, 'Logs'), ...(lines.length > 0 ? [el('pre', { tabindex: 0 }, lines.join('\n'))] : []), where]
}
