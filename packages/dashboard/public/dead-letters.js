import { get, mayAct, mayRemove, post } from './api.js'
import { byId, cell, confirmed, el, keyedRows, press } from './dom.js'
import { ago, count, counted, moment } from './format.js'
import { openLetterPanel } from './letter-panel.js'
import { refresh } from './refresh.js'
import { askReplay } from './replay-dialog.js'
import { openReplays } from './replays.js'
import { stateBadge } from './states.js'
import { followTheme } from './theme.js'

const PAGE = 50
const REMEDIES = /** @type {Record<string, string>} */ ({
  replay: 'Replay',
  wait: 'Wait',
  'mend-code': 'Mend the code',
  'mend-input': 'Mend the input',
  'mend-pool': 'Mend the workers',
  look: 'Look',
})
/** @type {Set<string>} */
const chosen = new Set()
/** @type {any} */
let group
let limit = PAGE
followTheme()
const panel = openLetterPanel(byId('panel'), { replay, discard })

const groups = keyedRows(
  byId('groups'),
  (/** @type {any} */ one) => one.fingerprint,
  (one) => [
    el(
      'td',
      { class: 'name' },
      el('button', { type: 'button', class: 'link', onclick: () => choose(one) }, one.tasks.join(', ')),
      el('span', { class: 'sub' }, one.happening ? stateBadge('dead', 'still happens') : 'not now'),
    ),
    el('td', { class: 'text' }, el('code', {}, one.code), el('span', { class: 'sub' }, one.message)),
    cell(count(one.letters), 'number'),
    el(
      'td',
      { class: 'number' },
      count(one.workflows),
      one.stranded > 0 ? el('span', { class: 'sub' }, `${counted(one.stranded, 'job')} stranded`) : '',
    ),
    el('td', { class: 'nowrap', title: moment(one.lastAt) }, one.last),
    el(
      'td',
      { class: 'advice' },
      el('strong', {}, REMEDIES[one.advice.remedy] ?? one.advice.remedy),
      el('span', { class: 'sub' }, one.advice.why),
    ),
    cell(mayAct ? button('Replay all…', (self) => press(self, () => replayGroup(one))) : '', 'number'),
  ],
  'No dead letters: nothing has failed for good.',
)

const letters = keyedRows(
  byId('letters'),
  (/** @type {any} */ one) => one.id,
  (one) => [
    cell(
      el('input', {
        type: 'checkbox',
        'aria-label': `Choose ${one.job}`,
        checked: chosen.has(one.id),
        onchange: (/** @type {any} */ event) => mark(one.id, event.target.checked),
      }),
    ),
    el(
      'td',
      { class: 'name' },
      el('button', { type: 'button', class: 'link', onclick: () => panel.show(one.id) }, one.job),
      el('span', { class: 'sub' }, one.task),
    ),
    el(
      'td',
      { class: 'name' },
      one.workflow
        ? el(
            'a',
            { href: `/workflows/${encodeURIComponent(one.workflow.id)}#${encodeURIComponent(one.job)}` },
            one.workflow.name,
          )
        : '–',
      el('span', { class: 'sub' }, one.workflow?.id ?? ''),
    ),
    el('td', { class: 'text' }, el('code', {}, one.code), el('span', { class: 'sub' }, one.message)),
    cell(String(one.attempts), 'number'),
    el('td', { class: 'nowrap', title: moment(one.failedAt) }, one.failed),
    cell(mayAct ? button('Replay', (self) => press(self, () => replay([one.id]))) : '', 'number'),
  ],
  'No dead letters.',
)

const look = refresh(async () => {
  const query = new URLSearchParams({ limit: String(limit), ...(group && { fingerprint: group.fingerprint }) })
  const [all, some] = await Promise.all([get('/dead-letters/groups'), get(`/dead-letters?${query}`)])
  const now = Date.now()
  groups.show(all.groups.map((/** @type {any} */ one) => ({ ...one, last: ago(one.lastAt, now) })))
  letters.show(
    some.deadLetters.map((/** @type {any} */ { stack: _, input: __, ...one }) => ({
      ...one,
      failed: ago(one.failedAt, now),
    })),
  )
  const ids = new Set(some.deadLetters.map((/** @type {any} */ one) => one.id))
  for (const id of chosen) if (!ids.has(id)) chosen.delete(id)
  byId('more').hidden = some.next === undefined || limit >= 200
  showChosen()
}, 3_000)

let movedAt = 0
const lookAtReplays = openReplays(() => {
  if (Date.now() - movedAt < 2_000) return
  movedAt = Date.now()
  void look() // letters go while a replay runs
})

const opened = new URLSearchParams(location.search).get('letter')
if (opened) panel.show(opened)

/** @param {string} label @param {(self: HTMLElement) => void} act */
function button(label, act) {
  const self = el('button', { type: 'button', class: 'small' }, label)
  self.addEventListener('click', () => act(self))
  return self
}

/** @param {any} which */
function choose(which) {
  group = which
  limit = PAGE
  byId('which').textContent = which ? `${which.tasks.join(', ')}: ${which.code}` : 'All letters'
  byId('show-all').hidden = which === undefined
  void look()
}

/** @param {string} id @param {boolean} on */
function mark(id, on) {
  if (on) chosen.add(id)
  else chosen.delete(id)
  showChosen()
}

function showChosen() {
  const boxes = [.../** @type {HTMLElement} */ (byId('letters')).querySelectorAll('tbody input')]
  byId('choose-all').checked = boxes.length > 0 && chosen.size === boxes.length
  byId('choose-all').indeterminate = chosen.size > 0 && chosen.size < boxes.length
  byId('replay-chosen').hidden = byId('replay-all').hidden = !mayAct
  byId('replay-all').disabled = boxes.length === 0
  byId('discard-chosen').hidden = !mayRemove
  byId('replay-chosen').disabled = byId('discard-chosen').disabled = chosen.size === 0
  byId('replay-chosen').textContent = chosen.size > 0 ? `Replay ${chosen.size} chosen` : 'Replay chosen'
  byId('discard-chosen').textContent = chosen.size > 0 ? `Discard ${chosen.size} chosen` : 'Discard chosen'
}

/** @param {string[]} ids */
async function replay(ids) {
  const said = replaySaid(await post('/dead-letters/replay', { ids }))
  void look()
  return said
}

/** Has the pool replay all that match, at a pace. @param {string} question @param {string} detail @param {object} filter */
async function replayPaced(question, detail, filter) {
  const order = await askReplay(question, detail, { filter })
  if (!order) return undefined
  const { id, total } = await post('/replays', order)
  void lookAtReplays()
  return `The pool replays ${counted(total, 'dead letter')}: ${id}.`
}

/** @param {any} one */
const replayGroup = ({ fingerprint, tasks, code, letters: size }) =>
  replayPaced(
    `Replay ${counted(size, 'dead letter')}?`,
    `All of ${tasks.join(', ')} that died of ${code} go back to their queues with fresh attempts.`,
    { fingerprint },
  )

/** @param {{ replayed: string[], gone: string[], refused: { reason: string }[] }} report */
function replaySaid({ replayed, gone, refused }) {
  const parts = [`${counted(replayed.length, 'job')} sent back`]
  if (gone.length > 0) parts.push(`${gone.length} were gone already`)
  if (refused.length > 0) parts.push(`${refused.length} refused: ${refused[0]?.reason}`)
  return `${parts.join(', ')}.`
}

/** @param {string[]} ids */
async function discard(ids) {
  const sure = await confirmed(
    `Discard ${counted(ids.length, 'dead letter')}?`,
    'Their jobs stay dead and can no longer be replayed. This is final.',
    'Discard for good',
  )
  if (!sure) return undefined
  const { discarded } = await post('/dead-letters/discard', { ids })
  void look()
  return `${counted(discarded.length, 'dead letter')} discarded.`
}

byId('show-all').addEventListener('click', () => choose(undefined))
byId('choose-all').addEventListener('change', () => {
  for (const box of byId('letters').querySelectorAll('tbody input')) {
    box.checked = byId('choose-all').checked
    mark(box.closest('tr').dataset['key'], box.checked)
  }
})
byId('replay-chosen').addEventListener('click', () =>
  press(byId('replay-chosen'), () => replay([...chosen])).then(showChosen),
)
byId('discard-chosen').addEventListener('click', () =>
  press(byId('discard-chosen'), () => discard([...chosen])).then(showChosen),
)
byId('replay-all').addEventListener('click', () =>
  press(byId('replay-all'), () =>
    group
      ? replayGroup(group)
      : replayPaced(
          'Replay all dead letters?',
          'Everything that failed for good goes back to its queue with fresh attempts.',
          {},
        ),
  ),
)
byId('more').addEventListener('click', () => {
  limit = Math.min(200, limit + PAGE)
  void look()
})
