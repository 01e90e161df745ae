import { byId } from './dom.js'
import { followTheme } from './theme.js'

followTheme()
const form = /** @type {HTMLFormElement} */ (byId('sign-in'))
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const token = new FormData(form).get('token')
  byId('problem').textContent = ''
  const response = await fetch('/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined)
  if (response?.ok) return location.assign(destination())
  const said = response?.status === 429 ? 'Too many tries: wait a minute.' : 'This token is not known.'
  byId('problem').textContent = response ? said : 'The dashboard does not answer.'
})

/** Where the visitor wanted to go, if that is a page of this site. */
function destination() {
  const to = new URLSearchParams(location.search).get('to') ?? '/'
  const url = new URL(to, location.origin)
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/'
}
