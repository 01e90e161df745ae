const API = '/api/v1'

/** An answer that is no good: `code` for machines, `message` for people. */
export class ApiError extends Error {
  /** @param {number} status @param {{ code?: string, message?: string }} body */
  constructor(status, body) {
    super(body.message ?? `The dashboard answered ${status}.`)
    this.status = status
    this.code = body.code
  }
}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => ask(path, {})

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export const post = (path, body = {}) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** @param {string} path @param {RequestInit} init */
async function ask(path, init) {
  const response = await fetch(API + path, { ...init, credentials: 'same-origin' }).catch(() => {
    throw new ApiError(0, { message: 'The dashboard does not answer.' })
  })
  if (response.status === 401) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`)
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(response.status, body)
  return body
}

/** The stream of events below an address of the API. @param {string} path */
export const stream = (path) => new EventSource(API + path)

/** What this visitor may do. */
const role = document.querySelector('meta[name="role"]')?.getAttribute('content') ?? ''
export const mayAct = role === 'operator' || role === 'admin'
export const mayRemove = role === 'admin'
