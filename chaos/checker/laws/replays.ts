import type { Law } from '../violation.ts'

/** What was to be replayed was sent back to its queue once, and nothing else was. */
export const replays: Law = ({ id, recorded }, { replayed }) => {
  if (!replayed || !recorded) return []
  const times = replayed.has(id) ? 1 : 0
  if (recorded.replays === times) return []
  return [['not replayed once', `it was sent back ${recorded.replays} times, expected ${times}`]]
}
