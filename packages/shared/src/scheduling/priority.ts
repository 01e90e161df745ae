import { LEVELS, type Level } from '../workflow/states.ts'

/** Distance between two levels, so that there is room between them for what makes one job of a level more urgent. */
const STEP = 100_000

/**
 * The BullMQ priority of a level: lower runs first, always at least 1. BullMQ runs priority 0 before everything else, so
 * no job of ours ever has it.
 */
export function priorityOf(level: Level): number {
  return (LEVELS.indexOf(level) + 1) * STEP
}
