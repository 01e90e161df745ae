import { el } from './dom.js'
import { followWhy, queueWhy } from './why.js'

/**
 * Shows why a queue does not run, at the side of the page. Gives the function that shows one.
 *
 * @param {HTMLElement} panel
 */
export function openWhyDrawer(panel) {
  let stop = () => {}
  /** @type {Element | null} */
  let before = null
  const hide = () => {
    stop()
    panel.hidden = true
    if (before instanceof HTMLElement) before.focus()
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) hide()
  })
  return (/** @type {string} */ name) => {
    before = document.activeElement
    stop()
    const body = el('div', {})
    const title = el('h2', { tabindex: -1 }, name)
    panel.replaceChildren(
      el(
        'div',
        { class: 'head' },
        title,
        el('button', { type: 'button', class: 'small quiet', 'aria-label': 'Close', onclick: hide }, '✕'),
      ),
      el('h3', {}, 'Why does it not run?'),
      body,
    )
    panel.hidden = false
    stop = followWhy(body, `/queues/${encodeURIComponent(name)}/why`, queueWhy)
    title.focus()
  }
}
