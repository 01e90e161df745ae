import type { Law } from '../violation.ts'

const ENDS = ['succeeded', 'dead', 'skipped', 'cancelled']

/** Every job comes to its end, to the right one, and by running exactly if it had to. */
export const ends: Law = ({ expected, recorded, entries }) => {
  const state = recorded?.state
  if (!state || !ENDS.includes(state))
    return [['lost', `it is ${state ?? 'not there'}, expected ${expected.join(' or ')}`]]
  if (!expected.includes(state)) return [['wrong end', `it is ${state}, expected ${expected.join(' or ')}`]]
  if (state === 'skipped' && entries.length > 0) return [['ran though skipped', `in process ${entries[0]?.pid}`]]
  if (state === 'succeeded' && entries.length === 0) return [['never ran', 'it is succeeded, and nobody noted a start']]
  return []
}

/** The dead jobs are the ones that have dead letters. */
export const letters: Law = ({ id, recorded }, { recorded: { letters } }) => {
  const count = letters.filter((letter) => letter === id).length
  if (recorded?.state === 'dead' && count === 0) return [['letter missing', 'it is dead']]
  if (count > (recorded?.state === 'dead' ? 1 : 0))
    return [['letter too many', `${count} letters, it is ${recorded?.state}`]]
  return []
}
