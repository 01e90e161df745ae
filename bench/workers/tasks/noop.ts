import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { countRun } from '../tally.ts'

/** Does nothing. Its input is checked like everybody's. */
export default defineTask({ name: 'bench.noop', input: z.object({ n: z.number(), text: z.string() }) }, countRun)
