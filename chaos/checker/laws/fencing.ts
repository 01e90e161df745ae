import { begun } from '../../history/begun.ts'
import type { Found, Law } from '../violation.ts'

/** Tokens only grow, and nothing that an attempt does lasts once a newer one has begun. */
export const fencing: Law = ({ entries, recorded }) => {
  const tokens = begun(entries).map(({ token }) => token)
  const newest = Math.max(...tokens)
  const shown = tokens.join(', ')
  const found: Found[] = []
  if (tokens.some((token, index) => index > 0 && token <= (tokens[index - 1] as number))) {
    found.push(['token not growing', `tokens in the order of their starts: ${shown}`])
  }
  if (recorded?.state !== 'succeeded' || tokens.length === 0) return found
  const { outputToken, progressToken } = recorded
  if (outputToken !== newest) found.push(['stale result', `recorded is attempt ${outputToken} of ${shown}`])
  if (progressToken !== undefined && progressToken !== newest) {
    found.push(['stale write', `attempt ${progressToken} wrote last, of ${shown}`])
  }
  return found
}
