import { EventEmitter } from 'node:events'
import type { JobData, LockedJob, MillraceError } from '@millrace/shared'
import { createLogger } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { trackRunning } from '../../src/runtime/attempt.ts'
import { abortIfExpired, watchLocks } from '../../src/runtime/lock.ts'
import { eventually } from '../room.ts'

const log = createLogger({ service: 'test', level: 'silent' })
const locked = (id: string): LockedJob => {
  const data: JobData = { workflow: 'w', workflowName: 'test', job: id, needs: {} }
  return { token: 't', job: { id, name: 'task', attemptsMade: 0, data } as LockedJob['job'] }
}
const code = (signal: AbortSignal) => (signal.reason as MillraceError | undefined)?.code

describe('the watch over locks', () => {
  it('aborts an attempt whose lock nobody could renew for as long as a lock lasts: Redis need not say so', async () => {
    let now = 0
    const running = trackRunning(log, () => now)
    const worker = new EventEmitter()
    const [silent, renewed] = [running.begin(locked('silent')), running.begin(locked('renewed'))]
    now = 900
    const watch = watchLocks([worker as never], running, 1_000, () => now)
    worker.emit('locksRenewed', { count: 1, jobIds: ['renewed'] })
    now = 1_001
    await eventually(() => code(silent.signal)).toBe('MILLRACE_LOCK_LOST')
    expect(renewed.signal.aborted).toBe(false)
    watch.stop()
  })

  it('counts from the moment at which the job was asked for, not from the one at which its worker heard of it', () => {
    const running = trackRunning(log)
    const { job, token } = locked('late')
    const late = running.begin({ token, job: { ...job, processedOn: Date.now() - 2_000 } as LockedJob['job'] })
    const fresh = running.begin(locked('fresh'))
    for (const attempt of [late, fresh]) abortIfExpired(attempt, 1_000)
    expect([code(late.signal), fresh.signal.aborted]).toEqual(['MILLRACE_LOCK_LOST', false])
  })

  it('aborts the attempts that Redis names', () => {
    const running = trackRunning(log)
    const worker = new EventEmitter()
    const watch = watchLocks([worker as never], running, 60_000)
    const [lost, kept] = [running.begin(locked('lost')), running.begin(locked('kept'))]
    worker.emit('lockRenewalFailed', ['lost'])
    expect([code(lost.signal), kept.signal.aborted]).toEqual(['MILLRACE_LOCK_LOST', false])
    watch.stop()
  })
})

describe('an attempt', () => {
  it('keeps the first reason for which it was aborted', () => {
    const running = trackRunning(log)
    const attempt = running.begin(locked('a'))
    const reason = (text: string) => () => new Error(text) as MillraceError
    running.abort(() => true, reason('first'))
    running.abort(() => true, reason('second'))
    expect(attempt.signal.reason).toMatchObject({ message: 'first' })
  })

  it('is aborted as it begins, once the worker refuses it', () => {
    const running = trackRunning(log)
    const before = running.begin(locked('before'))
    const matches = ({ job }: { job: LockedJob['job'] }) => job.id === 'after'
    running.refuse(matches, () => new Error('draining') as MillraceError)
    const [after, other] = [running.begin(locked('after')), running.begin(locked('other'))]
    expect([before, after, other].map(({ signal }) => signal.aborted)).toEqual([false, true, false])
  })
})
