import { createHash, timingSafeEqual } from 'node:crypto'
import { ROLES, type Role } from './roles.ts'

/** A token as the process keeps it: not the words themselves. */
export interface Token {
  readonly role: Role
  /** SHA-256 of the token. */
  readonly hash: Buffer
}

/** Shorter ones can be guessed. */
const LEAST_CHARACTERS = 16

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Reads `viewer:<token>,admin:<token>`; gives what is wrong with it as text, which never repeats a token. */
export function readTokens(text: string): readonly Token[] | string {
  const tokens: Token[] = []
  const entries = text.split(',').map((entry) => entry.trim())
  for (const [index, entry] of entries.entries()) {
    if (entry === '') continue
    const at = entry.indexOf(':')
    const role = ROLES.find((role) => role === entry.slice(0, at))
    const token = entry.slice(at + 1)
    const which = `entry ${index + 1} of ${entries.length}`
    if (!role) return `${which}: expected <role>:<token> with one of the roles ${ROLES.join(', ')}`
    if (!/^[\x21-\x7e]+$/.test(token)) return `${which}: a token is made of visible ASCII characters`
    if (token.length < LEAST_CHARACTERS) {
      return `${which}: the token has ${token.length} characters, give at least ${LEAST_CHARACTERS}, e.g. from \`openssl rand -hex 24\``
    }
    tokens.push({ role, hash: hashOf(token) })
  }
  return tokens
}

/**
 * The token that was sent, or `undefined`. Every known token is compared, and hashes are, so how long it takes tells nothing
 * of how much of a guess was right.
 */
export function findToken(tokens: readonly Token[], sent: string): Token | undefined {
  const hash = hashOf(sent)
  let found: Token | undefined
  for (const token of tokens) if (timingSafeEqual(token.hash, hash)) found = token
  return found
}
