import { defineResource, defineTask } from '@millrace/worker'
import { z } from 'zod'
import { countRun } from '../tally.ts'

/** As wide as the worker: it is asked for a slot, and never keeps anybody waiting. */
export const outside = defineResource('bench.outside', { breaker: { failures: 5 }, bulkhead: 512 })

/** The same as `bench.noop` under every policy: breakers and bulkheads of its own and of a resource, time limits, retries. */
export default defineTask(
  {
    name: 'bench.guarded',
    input: z.object({ n: z.number(), text: z.string() }),
    uses: ['bench.outside'],
    breaker: { failures: 5 },
    bulkhead: 512,
    timeout: '30s',
    idle: '10s',
    retry: { attempts: 5, delay: '1s' },
  },
  countRun,
)
