/** What somebody may do; each role may do all that those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

/** `viewer` looks; `operator` also submits, cancels, replays, pauses; `admin` also removes for good. */
export type Role = (typeof ROLES)[number]

/** Whether `role` is at least `needed`. */
export const allows = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)
