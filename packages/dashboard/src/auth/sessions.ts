import { createHash, randomBytes } from 'node:crypto'
import type { Role } from './roles.ts'

/** Those who signed in with a token, so that the browser need not keep it. */
export interface Sessions {
  /** Gives the value of the cookie. */
  open(role: Role): string
  /** The role of a session that has not ended. */
  roleOf(id: string): Role | undefined
  end(id: string): void
}

/** Far more than people; beyond that the oldest end. */
const MOST = 10_000

/** Kept in memory: a restart signs everybody out. Ids are random and kept as hashes. */
export function openSessions(lifetimeMs: number, now: () => number = Date.now): Sessions {
  const sessions = new Map<string, { readonly role: Role; readonly until: number }>()
  const keyOf = (id: string) => createHash('sha256').update(id).digest('base64')
  return {
    open(role) {
      const id = randomBytes(32).toString('base64url')
      const oldest = sessions.keys().next().value
      if (sessions.size >= MOST && oldest !== undefined) sessions.delete(oldest)
      sessions.set(keyOf(id), { role, until: now() + lifetimeMs })
      return id
    },
    roleOf(id) {
      const session = sessions.get(keyOf(id))
      return session && session.until > now() ? session.role : undefined
    },
    end: (id) => void sessions.delete(keyOf(id)),
  }
}
