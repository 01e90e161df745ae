import { defineTask } from '@millrace/worker'
import { countRun } from '../tally.ts'
import { hangsHere } from '../victim.ts'

/** Never ends in a process that is going to be killed, and at once elsewhere. */
export default defineTask({ name: 'bench.hang', timeout: '1h' }, async () => {
  countRun()
  await hangsHere()
})
