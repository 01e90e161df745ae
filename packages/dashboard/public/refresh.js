import { byId } from './dom.js'

/** Says whether the page is up to date. @param {'live' | 'lost' | 'waiting'} state */
export function sayLive(state) {
  const element = byId('live')
  if (!element || element.dataset['state'] === state) return
  element.dataset['state'] = state
  element.textContent = { live: 'live', lost: 'connection lost, trying again', waiting: 'connecting' }[state]
}

/**
 * Calls `look` again and again, one at a time, and not while nobody sees the page. Gives a function that looks now.
 *
 * @param {() => Promise<void>} look @param {number} everyMs
 */
export function refresh(look, everyMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let turn = 0
  async function run() {
    clearTimeout(timer)
    const mine = ++turn
    try {
      if (!document.hidden) await look()
      sayLive('live')
    } catch {
      sayLive('lost')
    }
    if (mine === turn) timer = setTimeout(run, everyMs)
  }
  document.addEventListener('visibilitychange', () => !document.hidden && run())
  void run()
  return run
}
