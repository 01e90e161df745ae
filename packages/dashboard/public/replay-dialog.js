import { get, post } from './api.js'
import { el } from './dom.js'
import { count, counted, duration } from './format.js'

const PAUSE_MS = 250
const MOST_TASKS = 4

/**
 * Asks at which pace dead letters are to be replayed, and shows what would happen.
 *
 * @param {string} question @param {string} detail @param {object} which as the API takes it: `{ filter }` or `{ ids }`
 * @returns {Promise<object | undefined>} the order, as the API takes it; nothing when it is to stay as it is
 */
export function askReplay(question, detail, which) {
  return new Promise((resolve) => {
    const rate = number('rate', 50, { min: 0.1, max: 10_000, step: 'any', required: true })
    const canary = number('canary', 0, { min: 0, max: 100_000, step: 1 })
    const percent = number('percent', 10, { min: 0, max: 99, step: 1 })
    const preview = el('div', { class: 'preview', 'aria-live': 'polite' }, 'Looking what would happen …')
    const go = el('button', { class: 'first' }, 'Replay them')
    const form = /** @type {HTMLFormElement} */ (
      el(
        'form',
        { class: 'pace' },
        label('Pace', rate, 'jobs a second at most'),
        label('Canary', canary, 'go first; the rest only when all of them have succeeded'),
        label('Stop above', percent, '% that failed again, of those that ended; empty: never'),
        preview,
        el(
          'div',
          { class: 'actions' },
          el('button', { type: 'button', onclick: () => dialog.close() }, 'Keep as it is'),
          go,
        ),
      )
    )
    const dialog = /** @type {HTMLDialogElement} */ (
      el('dialog', { 'aria-label': question, class: 'wide' }, el('h2', {}, question), el('p', {}, detail), form)
    )
    /** @type {object | undefined} */
    let order
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    let turn = 0

    async function rehearse() {
      const mine = ++turn
      if (!rate.validity.valid) return
      try {
        const [seen, { workers }] = await Promise.all([
          post('/replays/rehearse', { ...which, ratePerSecond: rate.valueAsNumber }),
          get('/summary'),
        ])
        if (mine === turn) preview.replaceChildren(...previewOf(seen, workers))
      } catch (error) {
        if (mine === turn) preview.replaceChildren(/** @type {Error} */ (error).message)
      }
    }

    form.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(rehearse, PAUSE_MS)
    })
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      order = {
        ...which,
        ratePerSecond: rate.valueAsNumber,
        ...(canary.valueAsNumber > 0 && { canary: canary.valueAsNumber }),
        ...(percent.value !== '' && { stopIf: `failed>${percent.valueAsNumber}%` }),
      }
      dialog.close()
    })
    dialog.addEventListener('close', () => {
      clearTimeout(timer)
      turn++
      dialog.remove()
      resolve(order)
    })
    document.body.append(dialog)
    dialog.showModal()
    void rehearse()
  })
}

/** @param {string} name @param {number} value @param {Record<string, any>} limits */
const number = (name, value, limits) =>
  /** @type {HTMLInputElement} */ (el('input', { type: 'number', name, value, inputmode: 'decimal', ...limits }))

/** @param {string} before @param {HTMLElement} input @param {string} after */
const label = (before, input, after) =>
  el('label', {}, el('span', {}, before), input, el('span', { class: 'sub' }, after))

/** What a replay would do. @param {any} seen @param {number} workers */
function previewOf({ replayed, refused, unskipped, durationMs, byTask, byQueue }, workers) {
  const names = (/** @type {Record<string, number>} */ counts) => {
    const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
    const rest = sorted.length - MOST_TASKS
    return (
      sorted
        .slice(0, MOST_TASKS)
        .map(([name, jobs]) => `${name} ${count(jobs)}`)
        .join(', ') + (rest > 0 ? ` and ${rest} more` : '')
    )
  }
  const facts = /** @type {[string, any][]} */ ([
    ['Would go back', `${counted(replayed, 'job')}, the last after ${duration(durationMs)}`],
    ['Tasks', names(byTask)],
    ['Queues', names(byQueue)],
    ['Would wait again', unskipped > 0 && counted(unskipped, 'skipped job')],
    ['Cannot be replayed', refused > 0 && `${counted(refused, 'letter')}: job removed or workflow cancelled`],
    ['Workers', workers === 0 && 'none is there: it begins when one comes'],
  ]).filter(([, value]) => value)
  return [el('dl', { class: 'pairs' }, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))]
}
