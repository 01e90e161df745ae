import { type Json, type LockedJob, leaveLot, readNeeds, type Task } from '@millrace/shared'
import { linkNeeds } from '../observability/trace-attempts.ts'
import { runUnderPolicies } from '../policies/compose.ts'
import { hasWaited } from '../policies/starts.ts'
import { asHandlerOf } from './astray.ts'
import type { Attempt } from './attempt.ts'
import { type OpenCache, openCache } from './cache.ts'
import { createScope, type Scope } from './context/scope.ts'
import { fanOut } from './fan-out.ts'
import { reportIgnored } from './ignored.ts'
import { readInput } from './input.ts'
import { confirmLock, mayBeLost, whileOurs } from './lock.ts'
import { failureOf, type Outcome } from './outcome.ts'
import { checkOutput } from './output.ts'
import { record } from './record.ts'
import { applyRetry } from './retry-plan.ts'
import { Reused } from './reused.ts'
import type { Room } from './room.ts'
import { settle } from './settle.ts'

/** The life of one attempt, top to bottom. */
export async function execute(locked: LockedJob, room: Room): Promise<Json> {
  const attempt = room.running.begin(locked)
  room.attempts.began(attempt)
  try {
    const outcome = await run(attempt, room) // never throws: success and failure are both values
    record(attempt, outcome, room) //           counts and log line
    room.ended(attempt, outcome)
    if (outcome.kind === 'succeeded') return outcome.output
    return await settle(attempt, outcome, room) // the only step that moves a job that did not succeed
  } finally {
    room.gates.leave(attempt)
    room.running.end(attempt)
  }
}

async function run(attempt: Attempt, room: Room): Promise<Outcome> {
  const ended = () => ({ ms: Math.round(performance.now() - attempt.startedMonoMs) })
  try {
    const { job } = attempt
    if (mayBeLost(attempt, room.lockMs)) await confirmLock(attempt, room.lockMs)
    attempt.throwIfAborted()
    const task = room.tasks.require(job.name)
    applyRetry(job, task)
    const entering = room.gates.enter(attempt, task)
    if (entering) await entering
    if (hasWaited(attempt)) await leaveLot(room.client, room.keys, attempt).catch(() => {}) // the next attempt will

    const reading = readNeeds(room.client, room.keys, job.data)
    const needs = reading instanceof Promise ? await reading : reading
    if (attempt.trace?.recorded) await linkNeeds(attempt, attempt.trace, room)
    if (job.data.foreach !== undefined)
      return { kind: 'suspended', output: await fanOut(attempt, needs, room), ...ended() }
    const checking = readInput(task, job.data, needs)
    const input = checking instanceof Promise ? await checking : checking

    const cache = task.cache ? await openCache(attempt, task, task.cache, { input, needs }, room) : undefined
    const scope = createScope(attempt, task, input, needs, room)
    try {
      const output = cache?.hit ? cache.hit.output : await compute(attempt, task, input, scope, cache, room)
      if (scope.emits) await scope.end()
      attempt.throwIfAborted()
      const suspends = scope.spawned || (job.attemptsStarted > 1 && (await spawnedBefore(attempt, room)))
      if (cache) await cache.land(suspends ? undefined : output)
      if (suspends) return { kind: 'suspended', output, ...ended() }
      return { kind: 'succeeded', output, ...ended(), ...(cache?.used && { cached: true }) }
    } catch (thrown) {
      await scope.end().catch(() => {}) // the attempt has failed already
      await cache?.abandon()
      throw thrown
    }
  } catch (thrown) {
    return {
      kind: 'failed',
      failure: failureOf(thrown, attempt.job.name, room.tasks.find(attempt.job.name)),
      ...ended(),
    }
  }
}

async function compute(
  attempt: Attempt,
  task: Task,
  input: unknown,
  { ctx }: Scope,
  cache: OpenCache | undefined,
  room: Room,
): Promise<Json> {
  const timeoutMs = room.timeLimits.of(task, attempt.job.data.timeoutMs, attempt.number)
  const limits = { timeoutMs, idleMs: task.idleMs, graceMs: room.graceMs }
  let begunMonoMs = 0
  const handler = cache?.handler ?? task.handler
  const returned = await runUnderPolicies(
    attempt,
    limits,
    () => {
      begunMonoMs = performance.now() // not before: it may have waited for a slot
      const handle = () => (attempt.trace ? attempt.trace.run(() => handler(input, ctx)) : handler(input, ctx))
      return whileOurs(attempt, room.lockMs, () => asHandlerOf(attempt, handle))
    },
    (running) => reportIgnored(attempt, running, room),
    room.guards.around(attempt),
  )
  if (returned instanceof Reused) return returned.output
  room.measured.add(task.name, performance.now() - begunMonoMs)
  return checkOutput(task, returned, room.maxOutputBytes)
}

/** An earlier attempt may have spawned and this one not: what it spawned is part of the job all the same. */
async function spawnedBefore({ job }: Attempt, { client, keys }: Room): Promise<boolean> {
  return (await client.hexists(keys.job(job.queueName, job.id as string), 'spawned')) === 1
}
