import type { Found, Law } from '../violation.ts'

/** A job ends once, and is started again only for a reason. */
export const once: Law = ({ recorded }) => {
  if (!recorded) return []
  const { state, starts, failures, stalls, handedBack, parkings, replays, endings } = recorded
  const reasons = failures + stalls + handedBack + parkings + replays // attempts count anew from a replay on
  const found: Found[] = []
  // what is cancelled before it runs ends without a word of its own: the workflow's end says it all
  if (endings > 1 + replays || (endings < 1 + replays && state !== 'cancelled')) {
    found.push(['not announced once', `it is ${state}, and that was announced ${endings} times`])
  }
  // a job that is cancelled between two attempts has one start less than reasons to be started
  if (starts > reasons || (starts < reasons && state !== 'cancelled')) {
    const why = `${failures} attempts made, ${stalls} stalls, ${handedBack} times handed back, ${parkings} times put aside, ${replays} replays`
    found.push(['started for no reason', `${starts} starts: ${why}`])
  }
  return found
}
