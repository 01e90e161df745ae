import { get, mayAct, mayRemove } from './api.js'
import { el, press } from './dom.js'
import { json, moment } from './format.js'

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
      ...part('Context', context),
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
