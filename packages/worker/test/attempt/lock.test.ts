import { EventEmitter } from 'node:events'
import type { JobData, LockedJob, MillraceError } from '@millrace/shared'
import { createLogger } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { trackRunning } from '../../src/attempt/attempt.ts'
import { mayBeLost, watchLocks, whileOurs } from '../../src/attempt/lock.ts'
import { eventually } from '../room.ts'

const log = createLogger({ service: 'test', level: 'silent' })
const locked = (id: string): LockedJob => {
  const data: JobData = { workflow: 'w', workflowName: 'test', job: id, needs: {} }
  return { token: 't', job: { id, name: 'task', attemptsMade: 0, data } as LockedJob['job'] }
}
/** A job that was asked for some time ago, and what Redis says when it is asked for its lock. */
const asked = (id: string, agoMs: number, answer = 0): LockedJob => {
  const { job, token } = locked(id)
  const extendLock = async () => answer
  return { token, job: { ...job, processedOn: Date.now() - agoMs, extendLock } as unknown as LockedJob['job'] }
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
    const late = running.begin(asked('late', 2_000))
    const fresh = running.begin(locked('fresh'))
    expect([mayBeLost(late, 1_000), mayBeLost(fresh, 1_000)]).toEqual([true, false])
  })

  it.each([
    ['goes on when Redis says that it is still ours: Redis was silent, and heard of the worker late', 1, undefined],
    ['is aborted when Redis says that it is not', 0, 'MILLRACE_LOCK_LOST'],
  ])('asks about a lock that may have run out; the attempt %s', async (_, answer, reason) => {
    const attempt = trackRunning(log).begin(asked('late', 2_000, answer))
    const begun = await Promise.resolve(whileOurs(attempt, 1_000, () => true)).catch(() => false)
    expect([begun, code(attempt.signal), mayBeLost(attempt, 1_000)]).toEqual([reason === undefined, reason, false])
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
