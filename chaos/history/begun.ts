import type { Entry } from './entry.ts'

/** The attempts that began. */
export const begun = (history: readonly Entry[]): Entry[] => history.filter(({ kind }) => kind === 'started')
