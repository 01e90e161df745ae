const THEMES = ['auto', 'light', 'dark']
const system = matchMedia('(prefers-color-scheme: dark)')

/** Lets the button go through the themes, and calls back whenever colours have changed. */
export function followTheme(changed = () => {}) {
  const button = /** @type {HTMLButtonElement} */ (document.getElementById('theme'))
  const apply = () => {
    const chosen = localStorage.getItem('theme') ?? 'auto'
    const dark = chosen === 'auto' ? system.matches : chosen === 'dark'
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
    button.textContent = `Theme: ${chosen}`
    button.setAttribute('aria-label', `Theme: ${chosen}. Change it`)
    changed()
  }
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(localStorage.getItem('theme') ?? 'auto') + 1) % THEMES.length]
    if (next === 'auto') localStorage.removeItem('theme')
    else localStorage.setItem('theme', String(next))
    apply()
  })
  system.addEventListener('change', apply)
  apply()
}
