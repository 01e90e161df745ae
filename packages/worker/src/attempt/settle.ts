import { type Json, noteFailure, type Parking, parkJob, suspendSpawner } from '@millrace/shared'
import { RATE_LIMIT_ERROR, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq'
import type { Attempt } from './attempt.ts'
import { type Failure, type FailureVerdict, failureOf, type Outcome } from './outcome.ts'
import { delayAtLeast } from './retry-plan.ts'
import type { Room } from './room.ts'
import { toJson } from './to-json.ts'

/** Longer messages and stacks are cut: they are stored with the job, once per attempt. */
const MAX_TEXT = 16_384

/**
 * The only step that moves a job that did not succeed. What a BullMQ processor returns ends its job, what it throws decides the
 * rest.
 *
 * @throws always.
 */
export async function settle(
  attempt: Attempt,
  outcome: Exclude<Outcome, { kind: 'succeeded' }>,
  room: Room,
): Promise<never> {
  if (outcome.kind === 'suspended') {
    await suspendSpawner(room.client, room.keys, attempt, outcome.output)
    throw new WaitingChildrenError()
  }
  if (outcome.failure.verdict !== 'park') remember(attempt, outcome.failure)
  throw await SETTLE[outcome.failure.verdict](attempt, outcome.failure, room)
}

const SETTLE = {
  retry,
  bury: async (_attempt, failure) => like(new UnrecoverableError(), failure),
  park,
  handBack,
  abandon: async () => leaveIt(),
} satisfies Record<FailureVerdict, (attempt: Attempt, failure: Failure, room: Room) => Promise<Error>>

async function retry({ job }: Attempt, failure: Failure): Promise<Error> {
  if (failure.delayMs !== undefined) delayAtLeast(job, failure.delayMs)
  return like(new Error(), failure)
}

/** Puts the job back to the front of its level. It spends no attempt, and nobody has to wait for its lock to expire. */
async function handBack({ job, token, log }: Attempt, _failure: Failure, { client, keys }: Room): Promise<Error> {
  try {
    await job.moveToWait(token)
    // BullMQ wakes idle workers by this entry and forgets it for jobs that have a priority: they would sleep for seconds
    await client.zadd(keys.queue(job.queueName, 'marker'), 0, '0')
  } catch (error) {
    log.warn({ err: error }, 'the job could not be handed back; it comes back when its lock has expired')
  }
  return leaveIt()
}

async function park(attempt: Attempt, { parking }: Failure, { client, keys }: Room): Promise<Error> {
  if (parking?.done) return leaveIt()
  try {
    await parkJob(client, keys, attempt, parking as Parking)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'MILLRACE_CANCELLED') return like(new UnrecoverableError(), failure)
    attempt.log.warn({ err: error }, 'the job could not be put aside; it comes back when its lock has expired')
  }
  return leaveIt()
}

/** BullMQ does nothing with a job whose processor throws this: it takes the job to have been moved. */
const leaveIt = () => new WaitingError()

function remember({ job }: Attempt, { code, message, severity, category, fingerprint, context }: Failure): void {
  const plain = context && { context: plainContext(context) }
  noteFailure(job, { code, severity, category, fingerprint: fingerprint?.id ?? '', ...plain }, message)
}

function plainContext(context: Readonly<Record<string, unknown>>): Record<string, Json> {
  const plain = toJson(context)
  return plain.ok ? (plain.value as Record<string, Json>) : { unserialisable: plain.problems }
}

/**
 * What BullMQ gets to see of a failure: its text in an error of ours. The handler's own error must not reach it, since
 * BullMQ takes some names and messages for orders.
 */
function like<E extends Error>(error: E, { message, stack }: Failure): E {
  error.message = message === RATE_LIMIT_ERROR ? `${message} (said by the handler)` : message.slice(0, MAX_TEXT)
  error.stack = stack.slice(0, MAX_TEXT)
  return error
}
