import { type Figure, figure } from '../panels/panel.ts'
import { pool } from './selectors.ts'

/** How a share of successes is coloured, wherever one stands. */
export const SHARE_OF_SUCCESS = {
  base: 'red',
  steps: [
    { from: 0.9, colour: 'yellow' },
    { from: 0.99, colour: 'green' },
  ],
} as const satisfies Pick<Figure, 'base' | 'steps'>

/** How many dead letters there are; the overview begins with it, and so does their own board. */
export const deadLettersNow = figure({
  title: 'Dead letters',
  help: 'Nobody has replayed or discarded them. `millrace dlq stats` groups them by what they died of and says what to do.',
  unit: 'short',
  query: `sum(millrace_dead_letters{${pool}})`,
  steps: [
    { from: 1, colour: 'yellow' },
    { from: 100, colour: 'red' },
  ],
})
