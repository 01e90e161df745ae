import { type AuditEntry, type AuditFilter, appendAudit, type PoolKeys, scanAudit } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

type Told = Pick<AuditEntry, 'action' | 'subject'> & Partial<Pick<AuditEntry, 'count' | 'before' | 'after'>>
export type Note = (told: Told) => Promise<void>

/** Who acts, from where and by what means. */
export type Actor = Pick<AuditEntry, 'actor' | 'host' | 'via'>

/** The function that writes entries of one actor. */
export function auditNotes(client: Redis, keys: PoolKeys, by: Actor): Note {
  return (told) => appendAudit(client, keys, { ...by, count: 1, ...told })
}

/** The log itself, as the producer shows it. */
export const auditLog = (client: Redis, keys: PoolKeys): Producer['audit'] => ({
  scan: (filter?: AuditFilter) => scanAudit(client, keys, filter),
  async list(filter, limit = 50) {
    const found = []
    for await (const record of scanAudit(client, keys, filter)) {
      if (found.push(record) >= limit) break
    }
    return found
  },
})

const lettersText = (which: object) =>
  'ids' in which ? `${(which.ids as string[]).slice(0, 10).join(', ')}` : `dead letters ${JSON.stringify(which)}`

/**
 * A producer whose operators' actions leave entries, written when they are done. Those of submissions and reruns are not among
 * them: the script that writes a workflow writes its entry too.
 */
export function audited(pool: Producer, note: Note): Producer {
  const { deadLetters, replays, pauses, queues, schedules, tenants, resources, tasks } = pool
  const paused = (action: 'pause' | 'resume') => async (id: string) => {
    const view = await replays[action](id)
    await note({ action, subject: `replay ${id}`, after: { state: view.state } })
    return view
  }
  return {
    ...pool,
    async cancel(id) {
      const summary = await pool.cancel(id)
      await note({ action: 'cancel', subject: `workflow ${id}`, after: { state: summary.state } })
      return summary
    },
    async retry(id) {
      const retried = await pool.retry(id)
      const count = retried.replayed.length + retried.revived
      const before = { state: retried.revived > 0 ? 'cancelled' : 'failed' }
      await note({ action: 'retry', subject: `workflow ${id}`, count, before, after: { state: retried.summary.state } })
      return retried
    },
    deadLetters: {
      ...deadLetters,
      async replay(which) {
        const report = await deadLetters.replay(which)
        const { replayed } = report
        await note({ action: 'replay', subject: lettersText(which), count: replayed.length })
        return report
      },
      async discard(which, options) {
        const report = await deadLetters.discard(which, options)
        const told = { action: 'discard', subject: lettersText(which), count: report.discarded.length }
        await note({ ...told, ...(options?.reason !== undefined && { after: { reason: options.reason } }) })
        return report
      },
      async import(lines) {
        const imported = await deadLetters.import(lines)
        await note({ action: 'import', subject: 'dead letters', count: imported.imported })
        return imported
      },
      retention: {
        ...deadLetters.retention,
        async set(queue, rule) {
          await deadLetters.retention.set(queue, rule)
          const after = { ageMs: rule.ageMs ?? null, count: rule.count ?? null }
          await note({ action: 'retention', subject: `queue ${queue}`, after })
        },
      },
    },
    replays: {
      ...replays,
      async start(which, options) {
        const view = await replays.start(which, options)
        const after = { replay: view.id, ...options }
        await note({ action: 'replay', subject: lettersText(which), count: view.total, after })
        return view
      },
      pause: paused('pause'),
      resume: paused('resume'),
      async stop(id) {
        const view = await replays.stop(id)
        await note({ action: 'cancel', subject: `replay ${id}`, count: view.left, after: { state: view.state } })
        return view
      },
    },
    pauses: {
      ...pauses,
      async pause(kind, name) {
        const changed = await pauses.pause(kind, name)
        if (changed) await note({ action: 'pause', subject: `${kind} ${name}` })
        return changed
      },
      async resume(kind, name) {
        const changed = await pauses.resume(kind, name)
        if (changed) await note({ action: 'resume', subject: `${kind} ${name}` })
        return changed
      },
    },
    queues: {
      ...queues,
      async pause(name) {
        await queues.pause(name)
        await note({ action: 'pause', subject: `queue ${name}` })
      },
      async resume(name) {
        await queues.resume(name)
        await note({ action: 'resume', subject: `queue ${name}` })
      },
      async setCapacity(name, jobs) {
        await queues.setCapacity(name, jobs)
        await note({ action: 'capacity', subject: `queue ${name}`, after: { jobs } })
      },
      async setEvents(name, on) {
        await queues.setEvents(name, on)
        await note({ action: 'events', subject: `queue ${name}`, after: { on } })
      },
    },
    schedules: {
      ...schedules,
      async add(name, options) {
        const view = await schedules.add(name, options)
        const after = { cron: options.cron ?? null, everyMs: options.everyMs ?? null, created: view.created }
        await note({ action: 'schedule', subject: `schedule ${name}`, after })
        return view
      },
      async remove(name) {
        const removed = await schedules.remove(name)
        if (removed) await note({ action: 'unschedule', subject: `schedule ${name}` })
        return removed
      },
    },
    tenants: {
      ...tenants,
      async set(name, quota) {
        await tenants.set(name, quota)
        await note({
          action: 'quota',
          subject: `tenant ${name}`,
          after: { queued: quota.queued ?? null, active: quota.active ?? null },
        })
      },
    },
    resources: {
      ...resources,
      async open(name, options) {
        await resources.open(name, options)
        await note({ action: 'open', subject: `resource ${name}`, after: { ...options } })
      },
      async close(name) {
        const closed = await resources.close(name)
        if (closed) await note({ action: 'close', subject: `resource ${name}` })
        return closed
      },
    },
    tasks: {
      ...tasks,
      async setTimeLimit(name, ms) {
        await tasks.setTimeLimit(name, ms)
        await note({ action: 'limit', subject: `task ${name}`, after: { ms } })
      },
    },
  }
}
