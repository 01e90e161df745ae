import { defineTask } from '@millrace/worker'
import { z } from 'zod'

/** Counts the parts by host, and streams a line for each to whoever watches. */
export default defineTask(
  { name: 'spread.tally', input: z.array(z.object({ part: z.number(), host: z.string() })) },
  async (done, ctx) => {
    const byHost = new Map<string, number>()
    for (const { host } of done) byHost.set(host, (byHost.get(host) ?? 0) + 1)
    for (const [host, parts] of byHost) await ctx.emit(`${host} did ${parts} of ${done.length} parts`)
    return { parts: new Set(done.map(({ part }) => part)).size, byHost: Object.fromEntries(byHost) }
  },
)
