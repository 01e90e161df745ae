import { TRIGGERS } from '@millrace/shared'
import { z } from 'zod'

/** A graph as the API answers it. */
export const graph = z
  .object({
    width: z.number().describe('pixels at a zoom of 1'),
    height: z.number(),
    box: z.object({ width: z.number(), height: z.number() }),
    boxes: z.array(z.object({ name: z.string(), x: z.number(), y: z.number() })),
    lines: z.array(
      z.object({ from: z.string(), to: z.string(), points: z.array(z.number()).describe('x and y by turns') }),
    ),
    jobs: z.array(
      z.object({
        name: z.string(),
        task: z.string(),
        queue: z.string(),
        needs: z.array(z.string()),
        when: z.enum(TRIGGERS),
      }),
    ),
    criticalPath: z.array(z.string()).describe('the jobs that decide when it ends, first to last'),
  })
  .meta({ id: 'Graph' })
