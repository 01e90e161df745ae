import { isIP } from 'node:net'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Whether an address or name means this machine and no other. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare === '::1') return true
  return isIP(bare) === 4 && bare.startsWith('127.')
}

/** The name in a `Host` header, without the port. */
export const hostName = (host: string): string => host.replace(/:\d+$/, '')

/**
 * Whether a browser sent the request for a page of another site. Browsers say so in headers that no page can change;
 * whoever is no browser sends neither of them and is none of the danger meant here.
 */
export function isCrossSite({ host, origin, 'sec-fetch-site': site }: Headers): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  if (origin === undefined) return false
  const sent = String(origin)
  return !URL.canParse(sent) || new URL(sent).host !== host
}

/** Whether a browser says that a page of this very site made the request. */
export const isSameSite = (headers: Headers): boolean =>
  !isCrossSite(headers) && (headers['origin'] !== undefined || headers['sec-fetch-site'] === 'same-origin')
