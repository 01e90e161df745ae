import { get } from './api.js'
import { el } from './dom.js'
import { count, counted, moment } from './format.js'

const TONES = /** @type {Record<string, string>} */ ({
  next: 'succeeded',
  active: 'active',
  succeeded: 'succeeded',
  'queue-empty': 'succeeded',
  dead: 'dead',
  'need-dead': 'dead',
  'no-worker': 'dead',
  'task-absent': 'dead',
  'breaker-open': 'dead',
  delayed: 'delayed',
  retry: 'delayed',
  postponed: 'delayed',
})

/** Reasons as a list: the text, when it ends, and what lifts it. @param {readonly any[]} reasons */
const reasonList = (reasons) =>
  el(
    'ul',
    { class: 'reasons' },
    ...reasons.map(({ code, text, until, help }) =>
      el(
        'li',
        { class: `tone-${TONES[code] ?? 'waiting'}`, 'data-code': code },
        el('span', {}, text),
        until > Date.now() && code !== 'active' ? el('span', { class: 'sub' }, `until ${moment(until)}`) : undefined,
        help ? el('span', { class: 'sub' }, ...helpParts(help)) : undefined,
      ),
    ),
  )

/** Commands stand out, so that they can be copied. @param {string} help */
const helpParts = (help) =>
  help
    .split(/(millrace(?:-worker)? [^;:]+?)(?= opens | runs | shows |;|$)/)
    .map((part, index) => (index % 2 ? el('code', {}, part) : part))

/** Every reason why a job does not run, and when it is likely to begin. @param {any} job */
export function jobWhy({ state, reasons, start }) {
  const title =
    state === 'active'
      ? 'It runs'
      : state === 'skipped' || state === 'cancelled'
        ? 'Why did it not run?'
        : 'Why does it not run?'
  const begins = start && (start.at === undefined ? start.how : `About ${moment(start.at)}. ${start.how}`)
  return [
    el('h3', {}, title),
    reasonList(reasons),
    ...(begins ? [el('p', { class: 'sub' }, el('strong', {}, 'Start: '), begins)] : []),
  ]
}

/** What the next jobs of a workflow wait for. @param {any} workflow @param {(name: string) => void} choose */
export function workflowWhy({ reasons, frontier, complete }, choose) {
  const jobs = (/** @type {string[]} */ names, /** @type {number} */ of) => [
    ...names.flatMap((name, index) => [
      index > 0 ? ', ' : '',
      el('button', { type: 'button', class: 'link', onclick: () => choose(name) }, name),
    ]),
    of > names.length ? ` and ${count(of - names.length)} more` : '',
  ]
  const held = reasons.filter((/** @type {any} */ { code }) => code !== 'active')
  const groups = frontier.filter((/** @type {any} */ { reason }) => reason.code !== 'active')
  return [
    ...(held.length > 0 ? [reasonList(held)] : []),
    ...groups.map((/** @type {any} */ { reason, jobs: of, names }) =>
      el(
        'div',
        { class: 'group' },
        el('p', { class: 'names' }, el('strong', {}, counted(of, 'job')), ': ', ...jobs(names, of)),
        reasonList([reason]),
      ),
    ),
    ...(complete
      ? []
      : [el('p', { class: 'sub' }, 'It has more jobs than were looked at: the counts are those of a part.')]),
  ]
}

/** What keeps the jobs of a queue, in words and numbers. @param {any} queue */
export function queueWhy({
  reasons,
  queued,
  levels,
  oldestSince,
  delayed,
  waiting,
  active,
  slots,
  workers,
  capacity,
  parked,
  limits,
}) {
  const byLevel = Object.entries(levels).filter(([, jobs]) => jobs > 0)
  const facts = [
    [
      'Queued',
      counted(queued, 'job') +
        (byLevel.length > 0 ? `: ${byLevel.map(([level, jobs]) => `${count(jobs)} ${level}`).join(', ')}` : ''),
    ],
    ['Oldest', oldestSince && `could run since ${moment(oldestSince)}`],
    ['Active', counted(active, 'job')],
    ['Slots', `${count(slots.active)} of ${count(slots.limit)} taken, on ${counted(workers.length, 'worker')}`],
    ['Delayed', counted(delayed, 'job')],
    ['For needs', counted(waiting, 'job')],
    ['Capacity', `${count(queued + delayed + waiting)} of ${counted(capacity, 'job')}`],
    ...parked.map((/** @type {any} */ { lot, jobs, about }) => [
      `Put aside for ${lot}`,
      `${about ? 'about ' : ''}${counted(jobs, 'job')}`,
    ]),
    ...limits.map((/** @type {any} */ { about, slots: of, rate }) => [
      `Limit of ${about}`,
      [
        of && `${of.used} of ${of.most} at once`,
        rate && `${rate.begun} of ${rate.max} begun in ${rate.perMs / 1_000} s`,
      ]
        .filter(Boolean)
        .join(', '),
    ]),
  ].filter(([, value]) => value)
  return [
    reasonList(reasons),
    el('dl', { class: 'pairs' }, ...facts.flatMap(([label, value]) => [el('dt', {}, label), el('dd', {}, value)])),
  ]
}

const EVERY_MS = 2_000

/**
 * Shows an answer in an element and keeps it up to date while somebody sees it. What has the focus is left alone.
 *
 * @param {HTMLElement} element @param {string} path @param {(answer: any) => (Node | string)[]} show
 * @returns {() => void} stops it
 */
export function followWhy(element, path, show, everyMs = EVERY_MS) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let stopped = false
  let shown = ''
  async function look() {
    if (!document.hidden) {
      const answer = await get(path).catch(() => undefined)
      if (stopped) return
      const parts = answer ? show(answer) : []
      const text = parts
        .map((part) => (typeof part === 'string' ? part : /** @type {HTMLElement} */ (part).outerHTML))
        .join('')
      if (answer && text !== shown && !element.contains(document.activeElement)) {
        shown = text
        element.replaceChildren(...parts)
      }
    }
    timer = setTimeout(look, everyMs)
  }
  void look()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
