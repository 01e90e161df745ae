import {
  didYouMean,
  type JobData,
  type LockedJob,
  MillraceError,
  nearestOf,
  type PoolKeys,
  publishResources,
  type Resource,
  readLots,
  type Signals,
  type Task,
  unparkJobs,
} from '@millrace/shared'
import type { IPolicy } from 'cockatiel'
import type { Redis } from 'ioredis'
import { blame } from './blame.ts'
import { type Bulkhead, createBulkhead } from './bulkhead.ts'
import { callUnder } from './call.ts'
import type { Circuit } from './circuit.ts'
import type { Circuits, Pass } from './circuits.ts'
import type { Abortable, Surroundings } from './compose.ts'
import { describeGuard, type Guard, ofTask, undefinedResource } from './guard.ts'
import { Parked } from './parked.ts'
import { breakerParkMs, defaultBulkhead, FREE_PROBES, fullBreakerRule, halfOf, type PolicyDefaults } from './rules.ts'

const LOOK_EVERY_MS = 2_000
const PAGE = 500
/** Resources are spoken of again, so that those of workers that are gone can be forgotten. */
const PUBLISH_EVERY_MS = 60_000

/** What guards need to know of an attempt. */
export type Entrant = LockedJob & Abortable

/** What an attempt holds of the resources that it uses, from the gate to its end. */
interface Admission {
  readonly guards: readonly Guard[]
  readonly passes: Map<Guard, Pass>
  /** Resources whose calls the handler makes one by one: each of them counts, so the attempt as a whole does not. */
  readonly calledOn: Set<Guard>
}

/** The resources of a worker: keeps jobs out while they must wait, and stands around the attempts that use them. */
export interface Guards {
  /** Also a gate: why the job may not start now, or nothing. */
  admit(entrant: Entrant, task: Task): Parked | undefined | Promise<Parked | undefined>
  leave(entrant: Entrant): void
  /** What stands around the handler; nothing for attempts that use nothing. */
  around(entrant: Entrant): Surroundings | undefined
  /** One call to the outside from within a handler. @throws MillraceError MILLRACE_RESOURCE_UNKNOWN */
  call<T>(entrant: Entrant, name: string, call: (how: { signal: AbortSignal }) => T | Promise<T>): Promise<T>
  /** @throws MillraceError MILLRACE_RESOURCE_UNKNOWN */
  require(entrant: Entrant, task: Task, name: string): void
  /** A resource is to blame for the failure of the attempt: that says nothing of this worker. */
  blames(entrant: Entrant): boolean
  /** What the breakers did since the start, by name. */
  counts: Circuits['counts']
  start(signals: Signals): Promise<{ stop(): void }>
}

export interface GuardsOptions {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly tasks: readonly Task[]
  readonly resources: readonly Resource[]
  readonly defaults: PolicyDefaults
  /** Slots of the worker at the moment: they move. */
  readonly slots: () => number
  readonly circuits: Circuits
}

export function createGuards({ client, keys, tasks, resources, defaults, slots, circuits }: GuardsOptions): Guards {
  const defined = new Map(resources.map((resource) => [resource.name, resource]))
  const guards = new Map<string, Guard>()
  const ofTasks = new WeakMap<Task, readonly Guard[]>()
  const admissions = new WeakMap<Entrant, Admission>()
  const blamed = new WeakSet<Entrant>()

  /** Those that were turned away by a full bulkhead before those that the breaker had kept: they have been called once. */
  async function caller(name: string, most: number): Promise<number> {
    if (client.status !== 'ready' || guards.get(name)?.circuit?.opening) return 0
    const first = await unparkJobs(client, keys, `bulkhead/${name}`, most).catch(() => 0)
    if (first >= most) return first
    return first + (await unparkJobs(client, keys, `breaker/${name}`, most - first).catch(() => 0))
  }

  /** What has no bulkhead here, or is not known here, is called in pages, one with every look. */
  function callBack(name: string): void {
    const bulkhead = guards.get(name)?.bulkhead
    if (bulkhead) bulkhead.refill()
    else if (client.status === 'ready') void unparkJobs(client, keys, `breaker/${name}`, PAGE).catch(() => 0)
  }

  /** Slots for which nobody called: of workers that died, or left while the last job was being put aside. */
  async function callForgotten(): Promise<void> {
    if (client.status !== 'ready') return
    for (const { lot } of await readLots(client, keys))
      guards.get(/^bulkhead\/(.+)$/.exec(lot)?.[1] ?? '')?.bulkhead?.refill()
  }

  function makeBulkhead(name: string, rule: Resource['bulkhead']): Pick<Guard, 'bulkhead' | 'bulkheadText'> {
    if (rule === false) return { bulkhead: undefined, bulkheadText: '' }
    const full = rule ?? defaultBulkhead(defaults)
    const moves = rule === undefined && defaults.bulkhead === undefined
    if (!moves) return { bulkhead: createBulkhead(name, full, caller), bulkheadText: `${full.limit} at once` }
    const half = () => Math.min(full.limit, halfOf(slots()))
    return { bulkhead: createBulkhead(name, full, caller, half), bulkheadText: 'half of the slots' }
  }

  function make({ name, breaker, bulkhead, timeoutMs = defaults.resourceTimeoutMs, retry }: Resource): Guard {
    const known = guards.get(name)
    if (known) return known
    const guard: Guard = {
      name,
      circuit: breaker === false ? undefined : circuits.of(name, fullBreakerRule(breaker, defaults)),
      ...makeBulkhead(name, bulkhead),
      timeoutMs,
      retry,
    }
    guards.set(name, guard)
    return guard
  }
  const guardOf = (name: string) => guards.get(name) ?? make(defined.get(name) ?? undefinedResource(name))

  /** The task's own first, then those of its resources: see compose.ts. */
  function guardsOfTask(task: Task): readonly Guard[] {
    const known = ofTasks.get(task)
    if (known) return known
    const { name, breaker, bulkhead, uses } = task
    const own = breaker === false && bulkhead === false ? [] : [make(ofTask(name, breaker, bulkhead))]
    const all = [...own, ...uses.map(guardOf)]
    ofTasks.set(task, all)
    return all
  }
  const guardsOfAttempt = (task: Task, { uses }: JobData) =>
    uses ? [...new Set([...guardsOfTask(task), ...uses.map(guardOf)])] : guardsOfTask(task)

  function shut(circuit: Circuit): Parked {
    circuit.counts.parked++
    const { name, rule, opening, halfOpenInMs } = circuit
    const when = Number.isFinite(halfOpenInMs) ? `half-open in ${Math.ceil(halfOpenInMs / 1_000)} s` : 'closed by hand'
    const why = `the breaker of "${name}" is open, ${when}: ${opening?.why ?? ''}`
    const delayMs = breakerParkMs(halfOpenInMs, rule, Math.random())
    return new Parked('MILLRACE_BREAKER_OPEN', { lot: `breaker/${name}`, delayMs, why })
  }

  /** Without asking anybody: breakers first, since an open one makes a slot worthless. */
  function refusal(wanted: readonly Guard[], entrant: Entrant): Parked | undefined {
    const waited = hasWaited(entrant)
    for (const { circuit } of wanted) if (circuit && !circuits.pass(circuit, waited)) return shut(circuit)
    return wanted.find(({ bulkhead }) => bulkhead?.isFull)?.bulkhead?.parked(freeStarts(entrant))
  }

  /** Asks for what can only be asked of the pool: last, so that nobody is given a lease who then has to wait for a slot. */
  async function askAll(entrant: Entrant, { guards, passes }: Admission): Promise<Parked | undefined> {
    for (const guard of guards) {
      const { circuit } = guard
      if (!circuit || passes.has(guard)) continue
      const pass = circuits.pass(circuit, hasWaited(entrant))
      const granted = pass === 'ask' ? await circuits.ask(circuit, entrant) : pass
      if (!granted) {
        leave(entrant)
        return shut(circuit)
      }
      passes.set(guard, granted)
    }
    return undefined
  }

  function leave(entrant: Entrant): void {
    const admission = admissions.get(entrant)
    if (!admission) return
    admissions.delete(entrant)
    for (const { bulkhead } of admission.guards) bulkhead?.leave(hasWaited(entrant))
    // a probe whose handler never ran has learnt nothing
    for (const pass of admission.passes.values()) if (pass.probe) void circuits.tell(pass, entrant, 'nothing', '')
  }

  /** One that used its leave as a probe goes on as everybody else. */
  async function tell(entrant: Entrant, pass: Pass, thrown: unknown, ok: boolean): Promise<Parked | undefined> {
    const says = ok ? 'answered' : blame(thrown)
    if (says === 'failed') blamed.add(entrant)
    const probes = pass.circuit.opening?.openings ?? 0
    await circuits.tell(pass, entrant, says, ok ? '' : textOf(thrown))
    return pass.probe && says === 'failed' && probes <= FREE_PROBES ? shut(pass.circuit) : undefined
  }

  async function enterCall(entrant: Entrant, guard: Guard): Promise<Pass | undefined> {
    entrant.signal.throwIfAborted()
    const { circuit } = guard
    if (!circuit) return undefined
    const admission = admissions.get(entrant)
    const held = admission?.passes.get(guard)
    admission?.calledOn.add(guard)
    if (held?.probe) {
      admission?.passes.delete(guard)
      return held
    }
    const pass = circuits.pass(circuit, hasWaited(entrant))
    const granted = pass === 'ask' ? await circuits.ask(circuit, entrant) : pass
    if (!granted) throw shut(circuit)
    return granted
  }

  return {
    admit(entrant, task) {
      const { data } = entrant.job
      const wanted = guardsOfAttempt(task, data)
      if (wanted.length === 0 || data.foreach !== undefined) return undefined // fanning out runs no handler
      const refused = refusal(wanted, entrant)
      if (refused) return refused
      for (const { bulkhead } of wanted) bulkhead?.enter()
      const admission: Admission = { guards: wanted, passes: new Map(), calledOn: new Set() }
      admissions.set(entrant, admission)
      let asks = false
      for (const guard of wanted) {
        const pass = guard.circuit && circuits.pass(guard.circuit, hasWaited(entrant))
        if (pass === 'ask') asks = true
        else if (pass) admission.passes.set(guard, pass)
      }
      return asks ? askAll(entrant, admission) : undefined
    },
    leave,
    around(entrant) {
      const admission = admissions.get(entrant)
      if (!admission) return undefined
      const { guards, passes, calledOn } = admission
      const bulkheads = guards.flatMap(({ bulkhead }) => (bulkhead ? [bulkhead] : []))
      return {
        bulkheads: bulkheads.map(({ policy }): IPolicy => policy),
        full: () => fullest(bulkheads).parked(freeStarts(entrant)),
        async ended(thrown, ok) {
          let parked: Parked | undefined
          for (const [guard, pass] of passes) {
            passes.delete(guard)
            if (!calledOn.has(guard)) parked = (await tell(entrant, pass, thrown, ok)) ?? parked
          }
          return parked
        },
      }
    },
    async call(entrant, name, call) {
      const guard = guardOf(name)
      const pass = await enterCall(entrant, guard)
      const holdsSlot = admissions.get(entrant)?.guards.includes(guard) ?? false
      try {
        const value = await callUnder(guard, entrant, holdsSlot ? undefined : guard.bulkhead, call)
        if (pass) await tell(entrant, pass, undefined, true)
        return value
      } catch (error) {
        throw (pass && (await tell(entrant, pass, error, false))) ?? error
      }
    },
    require({ job }, task, name) {
      if (defined.has(name) || task.uses.includes(name) || job.data.uses?.includes(name)) return
      const known = [...new Set([...defined.keys(), ...task.uses, ...(job.data.uses ?? [])])]
      const list = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`
      throw new MillraceError(
        'MILLRACE_RESOURCE_UNKNOWN',
        `Nobody defined a resource ${JSON.stringify(name)}, and neither the task "${task.name}" nor the job uses it.${didYouMean(nearestOf(known)(name))} ${list}`,
      )
    },
    blames: (entrant) => blamed.has(entrant),
    counts: circuits.counts,
    async start(signals) {
      for (const { name } of resources) guardOf(name)
      for (const task of tasks) guardsOfTask(task)
      const publish = () => publishResources(client, keys, [...guards.values()].map(describeGuard)).catch(() => {})
      await publish()
      const watching = await circuits.start(signals, callBack)
      const look = setInterval(() => callForgotten().catch(() => {}), LOOK_EVERY_MS)
      const say = setInterval(publish, PUBLISH_EVERY_MS)
      for (const timer of [look, say]) timer.unref()
      return {
        stop: () => {
          for (const timer of [look, say]) clearInterval(timer)
          watching.stop()
        },
      }
    },
  }
}

/** How often the job was taken since an attempt of it was last spent; 1 the first time. */
export const freeStarts = ({ job }: Pick<Entrant, 'job'>): number => job.attemptsStarted - job.attemptsMade

/** Somebody may have called it. */
export const hasWaited = (entrant: Pick<Entrant, 'job'>): boolean => freeStarts(entrant) > 1

const textOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown))

const fullest = (bulkheads: readonly Bulkhead[]) =>
  bulkheads.toSorted((a, b) => a.policy.executionSlots - b.policy.executionSlots)[0] as Bulkhead
