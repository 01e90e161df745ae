/**
 * Makes an element. Texts are set as texts: nothing that comes from a workflow is ever read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` are listeners; undefined and false are left out
 * @param {...(Node | string | number | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(
    ...children
      .filter((child) => child !== undefined)
      .map((child) => (typeof child === 'number' ? String(child) : child)),
  )
  return element
}

/** The element with this id, which the page has. @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id)

/**
 * Rows that keep their elements while what they show changes, so that focus and selection stay.
 *
 * @template T
 * @param {HTMLTableElement} table
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Node[]} cellsOf
 * @param {string} none what is said when there is nothing
 */
export function keyedRows(table, keyOf, cellsOf, none) {
  const body = /** @type {HTMLTableSectionElement} */ (table.tBodies[0])
  const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) =>
    head.querySelector('.unseen') ? '' : (head.textContent?.trim() ?? ''),
  )
  const columns = Math.max(1, titles.length)
  /** On a narrow screen a row is a block, in which each cell stands behind its title. @param {T} item */
  const titled = (item) => {
    const cells = cellsOf(item)
    for (const [index, cell] of cells.entries())
      if (titles[index]) /** @type {HTMLElement} */ (cell).dataset['title'] = titles[index]
    return cells
  }
  /** @type {Map<string, { row: HTMLElement, shown: string }>} */
  const known = new Map()
  return {
    /** @param {readonly T[]} items */
    show(items) {
      table.removeAttribute('aria-busy')
      const rows = items.map((item) => {
        const key = keyOf(item)
        const shown = JSON.stringify(item)
        const old = known.get(key)
        if (old?.shown === shown) return old.row
        const row = old?.row ?? el('tr', { 'data-key': key })
        keepFocus(row, () => row.replaceChildren(...titled(item)))
        known.set(key, { row, shown })
        return row
      })
      const kept = new Set(rows)
      for (const [key, { row }] of known) if (!kept.has(row)) known.delete(key)
      if (rows.length === 0) rows.push(el('tr', {}, el('td', { class: 'none', colspan: columns }, none)))
      if (rows.length === body.rows.length && rows.every((row, index) => body.rows[index] === row)) return
      body.replaceChildren(...rows)
    },
    /** @param {string} key */
    row: (key) => known.get(key)?.row,
  }
}

/** Replaces what is in an element, and gives the focus back to what stands in the same place. @param {HTMLElement} element @param {() => void} replace */
function keepFocus(element, replace) {
  const focusable = () => [...element.querySelectorAll('a, button, input')]
  const at = focusable().indexOf(/** @type {Element} */ (document.activeElement))
  replace()
  if (at >= 0) /** @type {HTMLElement | undefined} */ (focusable()[at])?.focus()
}

/** @param {string | number | Node} content @param {string} [kind] */
export const cell = (content, kind) => el('td', { class: kind }, content)

/** To the page of a workflow. @param {string} id @param {string} [text] */
export const workflowLink = (id, text = id) => el('a', { href: `/workflows/${encodeURIComponent(id)}` }, text)

/** Says something in passing. @param {string} text @param {boolean} [bad] */
function notice(text, bad = false) {
  const element = el('p', { class: bad ? 'notice bad' : 'notice' }, text)
  byId('notices').append(element)
  setTimeout(() => element.remove(), bad ? 9_000 : 5_000)
}

/**
 * Asks before something is done that cannot be undone.
 *
 * @param {string} question @param {string} detail @param {string} yes
 * @returns {Promise<boolean>}
 */
export function confirmed(question, detail, yes) {
  return new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (
      el(
        'dialog',
        { 'aria-label': question },
        el('h2', {}, question),
        el('p', {}, detail),
        el(
          'form',
          { method: 'dialog', class: 'actions' },
          el('button', { value: 'no' }, 'Keep as it is'),
          el('button', { value: 'yes', class: 'danger' }, yes),
        ),
      )
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/**
 * Does what a button says, once at a time, and says what went wrong.
 *
 * @param {HTMLElement} button @param {() => Promise<string | undefined>} act
 */
export async function press(button, act) {
  button.toggleAttribute('disabled', true)
  try {
    const said = await act()
    if (said) notice(said)
  } catch (error) {
    notice(/** @type {Error} */ (error).message, true)
  } finally {
    button.toggleAttribute('disabled', false)
  }
}
