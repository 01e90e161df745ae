import type { Redis } from 'ioredis'
import { AUDIT_ENTRIES } from '../audit/audit.ts'
import type { Refusal } from '../capacity/refusal.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Plan } from '../workflow/plan.ts'
import { groupCommit } from './group-commit.ts'
import { DEPENDENTS_PER_CALL } from './pack.ts'
import { workOffResidue } from './residue.ts'

const ingestScript = readScript<StepReply[]>(new URL('./ingest.lua', import.meta.url))

/** One call's part of a workflow. */
export interface Step {
  readonly id: string
  readonly priority: Plan['priority']
  readonly step: 'only' | 'first' | 'next' | 'last'
  readonly fingerprint: string
  /** Its header, its wish for a turn, the room it needs, its entry of the audit log; packed. */
  readonly about: Buffer
  readonly jobs: readonly Buffer[]
  readonly now: () => number
}

/** ingest.lua's code for a step, or why the pool does not take the workflow. */
export type StepReply = number | Refusal

/** Jobs of one call: they keep Redis busy for some 3 ms; a workflow counts as one more. */
export const JOBS_PER_CALL = 200
/** Calls under way, so that Redis works while we pack. */
const MAX_IN_FLIGHT = 4

const senders = new WeakMap<Redis, Map<string, (step: Step) => Promise<StepReply>>>()

/** The function that sends the steps of one client to one pool; it resolves to ingest.lua's reply for the step. */
export function stepSender(client: Redis, keys: PoolKeys): (step: Step) => Promise<StepReply> {
  const pools = senders.get(client) ?? new Map<string, (step: Step) => Promise<StepReply>>()
  senders.set(client, pools)
  const known = pools.get(keys.prefix)
  if (known) return known
  const send = groupCommit({
    send: (steps: readonly Step[]) => sendSteps(client, keys, steps),
    weigh: ({ jobs }) => jobs.length + 1,
    maxGroup: JOBS_PER_CALL + 1,
    maxInFlight: MAX_IN_FLIGHT,
  })
  pools.set(keys.prefix, send)
  return send
}

async function sendSteps(client: Redis, keys: PoolKeys, steps: readonly Step[]): Promise<StepReply[]> {
  const [{ now }] = steps as [Step]
  const replies = await ingestScript(
    client,
    [
      ...[keys.index('loading'), keys.index('running'), keys.deadlines, keys.scheduling, keys.audit],
      ...steps.flatMap(({ id, priority }) => [keys.workflow(id), keys.jobs(id), keys.tenants(priority)]),
    ],
    [
      ...[keys.prefix, now(), DEPENDENTS_PER_CALL, AUDIT_ENTRIES],
      ...steps.flatMap(({ id, step, fingerprint, about, jobs }) => {
        return [id, step, fingerprint, about, jobs.length, ...jobs]
      }),
    ],
  )
  const started = steps.some(({ step }) => step === 'last') // its roots may be more than one call may start
  if (started && (replies.at(-1) as number) > 0) await workOffResidue(client, keys, now)
  return replies
}
