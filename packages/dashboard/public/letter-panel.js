import { get, mayAct, mayRemove } from './api.js'
import { el, press } from './dom.js'
import { duration, json, moment } from './format.js'

/**
 * Shows one dead letter.
 *
 * @param {HTMLElement} panel
 * @param {{ replay: (ids: string[]) => Promise<string | undefined>, discard: (ids: string[]) => Promise<string | undefined> }} acts
 */
export function openLetterPanel(panel, { replay, discard }) {
  /** @type {Element | null} */
  let before = null
  const hide = () => {
    panel.hidden = true
    if (before instanceof HTMLElement) before.focus()
  }
  const head = (/** @type {string} */ title) =>
    el(
      'div',
      { class: 'head' },
      el('h2', { tabindex: -1 }, title),
      el('button', { type: 'button', class: 'small quiet', 'aria-label': 'Close', onclick: hide }, '✕'),
    )
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden && !document.querySelector('dialog[open]')) hide()
  })

  /** @param {string} label @param {string} kind @param {() => Promise<string | undefined>} act */
  function button(label, kind, act) {
    const self = el('button', { type: 'button', class: kind }, label)
    self.addEventListener('click', () =>
      press(self, async () => {
        const said = await act()
        if (said) hide()
        return said
      }),
    )
    return self
  }

  /** @param {any} letter */
  function partsOf({
    id,
    job,
    task,
    queue,
    workflow,
    code,
    message,
    attempts,
    worker,
    submittedAt,
    failedAt,
    history,
    needs,
    checkpoint,
    waiting,
    moreWaiting,
    input,
    context,
    stack,
  }) {
    const facts = [
      ['Task', task],
      ['Queue', queue],
      [
        'Workflow',
        workflow &&
          el('a', { href: `/workflows/${encodeURIComponent(workflow.id)}#${encodeURIComponent(job)}` }, workflow.name),
      ],
      ['Attempts', String(attempts)],
      ['Worker', worker],
      ['Submitted', moment(submittedAt)],
      ['Failed', moment(failedAt)],
      ['Id', el('code', {}, id)],
    ].filter(([, value]) => value)
    return [
      head(job),
      el('div', { class: 'wrong' }, el('code', {}, code), message),
      el('dl', { class: 'pairs' }, ...facts.flatMap(([label, value]) => [el('dt', {}, label), el('dd', {}, value)])),
      el(
        'p',
        { class: 'actions' },
        mayAct ? button('Replay this job', 'first', () => replay([id])) : undefined,
        mayRemove ? button('Discard', 'danger', () => discard([id])) : undefined,
      ),
      ...part('Input', input),
      ...part('Outputs of its needs', needs && Object.keys(needs).length > 0 ? needs : undefined),
      ...part('Context', context),
      ...part('Checkpoint', checkpoint),
      ...pastAttempts(history),
      ...waits(waiting, moreWaiting),
      ...part('Stack', stack || undefined),
    ]
  }

  return {
    /** @param {string} id */
    async show(id) {
      before = document.activeElement
      panel.hidden = false
      panel.replaceChildren(head('…'))
      try {
        panel.replaceChildren(...partsOf(await get(`/dead-letters/${encodeURIComponent(id)}`)))
      } catch (error) {
        panel.replaceChildren(head('Dead letter'), el('p', { class: 'wrong' }, /** @type {Error} */ (error).message))
      }
      /** @type {HTMLElement | null} */
      panel.querySelector('h2')?.focus()
    },
  }
}

/** @param {string} title @param {unknown} value */
const part = (title, value) =>
  value === undefined ? [] : [el('h3', {}, title), el('pre', { tabindex: 0 }, json(value) ?? '')]

/** @param {any[]} history */
function pastAttempts(history) {
  if (history.length === 0) return []
  const one = (/** @type {any} */ { attempt, worker, startedAt, failedAt, message }) =>
    el(
      'li',
      {},
      `Attempt ${attempt} on ${worker}, after ${duration(failedAt - startedAt)}`,
      el('span', { class: 'sub' }, `${moment(failedAt)} · ${message}`),
    )
  return [el('h3', {}, 'Attempts'), el('ol', { class: 'plain' }, ...history.map(one))]
}

/** @param {any[]} waiting @param {boolean} more */
function waits(waiting, more) {
  if (waiting.length === 0) return []
  const names = waiting.map(({ job, state }) => `${job} (${state})`).join(', ')
  return [el('h3', {}, 'A replay that succeeds lets these run'), el('p', {}, more ? `${names} and more` : names)]
}
