const NAME = 'millrace_session'

/** The session that a `Cookie` header names. */
export function readCookie(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === NAME && value) return value
  }
  return undefined
}

/** A `Set-Cookie` that no script can read and no other site can make the browser send. Age 0 removes it. */
export const writeCookie = (value: string, ageMs: number, secure: boolean): string =>
  `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(ageMs / 1_000)}${secure ? '; Secure' : ''}`
