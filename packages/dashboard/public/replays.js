import { get, mayAct, post } from './api.js'
import { byId, cell, confirmed, el, keyedRows, press } from './dom.js'
import { ago, count, counted, moment } from './format.js'
import { refresh } from './refresh.js'
import { partsBar, stateBadge } from './states.js'

const SHOWN = 5
const WHY = /** @type {Record<string, string>} */ ({
  canary: 'stopped: its canary failed',
  failures: 'stopped: too many failed',
  operator: 'stopped by hand',
})

/**
 * Keeps the list of paced replays up to date. Gives a function that looks now.
 *
 * @param {() => void} moved called while one of them is moving
 */
export function openReplays(moved) {
  const rows = keyedRows(
    byId('replays'),
    (/** @type {any} */ one) => one.id,
    (one) => [
      el(
        'td',
        { class: 'name' },
        el('code', {}, one.id),
        el('span', { class: 'sub', title: moment(one.startedAt) }, `${one.since}, by ${one.actor}`),
      ),
      cell(stateOf(one)),
      cell(
        partsBar(
          one.total,
          {
            succeeded: one.succeeded,
            dead: one.failed,
            active: Math.max(0, one.replayed - one.succeeded - one.failed),
          },
          one.replayed,
        ),
      ),
      cell(countsOf(one), 'text'),
      cell(paceOf(one), 'text'),
      cell(mayAct ? actions(one) : '', 'number'),
    ],
    'No replay yet.',
  )
  const look = refresh(async () => {
    const { replays } = await get(`/replays?limit=${SHOWN}`)
    const now = Date.now()
    byId('replays-section').hidden = replays.length === 0
    rows.show(replays.map((/** @type {any} */ one) => ({ ...one, since: ago(one.startedAt, now) })))
    if (replays.some((/** @type {any} */ { state }) => state === 'running' || state === 'preparing')) moved()
  }, 1_000)

  /** @param {any} one */
  function actions({ id, state, left }) {
    const span = el('span', { class: 'actions end' })
    if (state === 'running') span.append(button('Pause', () => order(id, 'pause', 'paused')))
    if (state === 'paused') span.append(button('Resume', () => order(id, 'resume', 'running again')))
    if (state === 'running' || state === 'paused')
      span.append(
        button(
          'Stop',
          async () => {
            const sure = await confirmed(
              'Stop this replay?',
              `${counted(left, 'dead letter')} stay as they are; what was sent goes on. It cannot be resumed.`,
              'Stop the replay',
            )
            return sure ? await order(id, 'stop', 'stopped') : undefined
          },
          'danger',
        ),
      )
    return span
  }

  /** @param {string} id @param {string} verb @param {string} done */
  async function order(id, verb, done) {
    await post(`/replays/${id}/${verb}`)
    void look()
    return `The replay ${id} is ${done}.`
  }
  return look
}

/** @param {string} label @param {() => Promise<string | undefined>} act @param {string} [kind] */
function button(label, act, kind = '') {
  const self = el('button', { type: 'button', class: `small ${kind}` }, label)
  self.addEventListener('click', () => press(self, act))
  return self
}

/** @param {any} one */
function stateOf({ state, why, canary, canaryPassed, failed }) {
  if (state === 'stopped') return stateBadge(why === 'operator' ? 'cancelled' : 'dead', WHY[why] ?? 'stopped')
  if (state === 'done') return stateBadge(failed > 0 ? 'dead' : 'succeeded', failed > 0 ? 'done, some failed' : 'done')
  if (state === 'paused') return stateBadge('paused')
  return stateBadge('active', state === 'running' && canary > 0 && !canaryPassed ? 'running: canary' : state)
}

/** @param {any} one */
function countsOf({ total, replayed, succeeded, failed, gone, refused, left, state }) {
  const parts = [
    [succeeded, 'succeeded'],
    [failed, 'failed again'],
    [gone, 'gone'],
    [refused, 'refused'],
    [left, state === 'stopped' ? 'left as they were' : 'to go'],
  ].filter(([jobs]) => jobs > 0)
  return el(
    'span',
    {},
    `${count(replayed)} of ${count(total)} sent`,
    el('span', { class: 'sub' }, parts.map(([jobs, word]) => `${count(jobs)} ${word}`).join(', ')),
  )
}

/** @param {any} one */
function paceOf({ ratePerSecond, canary, stopIf }) {
  const more = [
    canary > 0 && `canary ${count(canary)}`,
    stopIf && `stops if ${stopIf.replace('>', ' > ').replace('%', ' %')}`,
  ].filter(Boolean)
  return el('span', {}, `${count(ratePerSecond)} a second`, el('span', { class: 'sub' }, more.join(', ')))
}
