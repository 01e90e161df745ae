import type { LockedJob, Task } from '@millrace/shared'
import { blame, type Says } from './blame.ts'
import { callUnder } from './call.ts'
import type { Circuit } from './circuit.ts'
import type { Circuits, Pass } from './circuits.ts'
import type { Abortable, Surroundings } from './compose.ts'
import type { Guard } from './guard.ts'
import type { GuardList } from './guard-list.ts'
import { Parked } from './parked.ts'
import { breakerParkMs, FREE_PROBES } from './rules.ts'
import { freeStarts, hasWaited } from './starts.ts'

/** What guards need to know of an attempt. */
export type Entrant = LockedJob & Abortable & { admission: Admission | undefined }

/** What an attempt holds of its resources, from the gate to its end. */
export interface Admission {
  readonly guards: readonly Guard[]
  /** One for each guard with a breaker that it has passed. */
  readonly passes: { readonly guard: Guard; readonly pass: Pass }[]
  /** Resources whose calls the handler makes one by one: each of them counts, so the attempt as a whole does not. */
  readonly calledOn: Guard[]
}

/** Lets attempts in and out, and tells the breakers how they ended. */
export interface Admissions {
  /** Why the job may not start now, or nothing. */
  admit(entrant: Entrant, task: Task): Parked | undefined | Promise<Parked | undefined>
  leave(entrant: Entrant): void
  /** What stands around the handler; nothing for attempts that use nothing. */
  around(entrant: Entrant): Surroundings | undefined
  /** One call to a resource from within a handler. */
  call<T>(entrant: Entrant, guard: Guard, call: (how: { signal: AbortSignal }) => T | Promise<T>): Promise<T>
  /** A resource is to blame for the failure of the attempt. */
  blames(entrant: Entrant): boolean
}

export function createAdmissions(list: GuardList, circuits: Circuits): Admissions {
  const blamed = new WeakSet<Entrant>()

  /** Without asking anybody: breakers first, since an open one makes a slot worthless. */
  function refusal(
    wanted: readonly Guard[],
    passes: Admission['passes'],
    entrant: Entrant,
  ): Parked | 'ask' | undefined {
    const waited = hasWaited(entrant)
    let asks = false
    for (const guard of wanted) {
      const pass = guard.circuit && circuits.pass(guard.circuit, waited)
      if (pass === 'ask') asks = true
      else if (pass) passes.push({ guard, pass })
      else if (guard.circuit) return shut(guard.circuit)
    }
    for (const { bulkhead } of wanted) if (bulkhead?.isFull) return bulkhead.parked(freeStarts(entrant))
    return asks ? 'ask' : undefined
  }

  async function enterCircuit(circuit: Circuit, entrant: Entrant): Promise<Pass | undefined> {
    const pass = circuits.pass(circuit, hasWaited(entrant))
    return pass === 'ask' ? await circuits.ask(circuit, entrant) : pass
  }

  /** Asks for what can only be asked of the pool: last, so that nobody is given a lease who then has to wait for a slot. */
  async function askAll(entrant: Entrant, { guards, passes }: Admission): Promise<Parked | undefined> {
    for (const guard of guards) {
      const { circuit } = guard
      if (!circuit || passes.some((passed) => passed.guard === guard)) continue
      const pass = await enterCircuit(circuit, entrant)
      if (!pass) {
        leave(entrant)
        return shut(circuit)
      }
      passes.push({ guard, pass })
    }
    return undefined
  }

  function leave(entrant: Entrant): void {
    const { admission } = entrant
    if (!admission) return
    entrant.admission = undefined
    for (const { bulkhead } of admission.guards) bulkhead?.leave(hasWaited(entrant))
    // a probe whose handler never ran has learnt nothing
    for (const { pass } of admission.passes) if (pass.probe) void circuits.tell(pass, entrant, 'nothing', '')
  }

  /** Gives what is thrown instead of the failure of a probe: it costs its job no attempt. A promise only for a probe. */
  function tell(entrant: Entrant, pass: Pass, thrown: unknown, ok: boolean): undefined | Promise<Parked | undefined> {
    const says = ok ? 'answered' : blame(thrown)
    if (says === 'failed') blamed.add(entrant)
    if (pass.probe) return tellProbe(entrant, pass, says, ok ? '' : textOf(thrown))
    circuits.tell(pass, entrant, says, ok ? '' : textOf(thrown))
    return undefined
  }

  async function tellProbe(entrant: Entrant, pass: Pass, says: Says, why: string): Promise<Parked | undefined> {
    const openings = pass.circuit.opening?.openings ?? 0
    await circuits.tell(pass, entrant, says, why)
    return says === 'failed' && openings <= FREE_PROBES ? shut(pass.circuit) : undefined
  }

  /** One that holds the leave to probe uses it up with its first call. */
  async function enterCall(entrant: Entrant, guard: Guard): Promise<Pass | undefined> {
    entrant.throwIfAborted()
    const { circuit } = guard
    if (!circuit) return undefined
    const { calledOn = [], passes = [] } = entrant.admission ?? {}
    const held = passes.findIndex((passed) => passed.guard === guard)
    if (!calledOn.includes(guard)) calledOn.push(guard)
    if (passes[held]?.pass.probe) return passes.splice(held, 1)[0]?.pass
    const pass = await enterCircuit(circuit, entrant)
    if (!pass) throw shut(circuit)
    return pass
  }

  return {
    admit(entrant, task) {
      const { data } = entrant.job
      const guards = list.before(task, data)
      if (guards.length === 0 || data.foreach !== undefined) return undefined // fanning out runs no handler
      const admission: Admission = { guards, passes: [], calledOn: [] }
      const refused = refusal(guards, admission.passes, entrant)
      if (refused && refused !== 'ask') return refused
      entrant.admission = admission
      for (const { bulkhead } of guards) bulkhead?.enter()
      return refused ? askAll(entrant, admission) : undefined
    },
    leave,
    around(entrant) {
      const { admission } = entrant
      if (!admission) return undefined
      const { guards, passes, calledOn } = admission
      return {
        bulkheads: list.bulkheadsOf(guards),
        full() {
          const bulkheads = guards.flatMap(({ bulkhead }) => bulkhead ?? [])
          const [fullest] = bulkheads.toSorted((a, b) => a.policy.executionSlots - b.policy.executionSlots)
          return fullest?.parked(freeStarts(entrant))
        },
        ended(thrown, ok) {
          const told: Promise<Parked | undefined>[] = []
          for (const { guard, pass } of passes.splice(0)) {
            const telling = calledOn.includes(guard) ? undefined : tell(entrant, pass, thrown, ok)
            if (telling) told.push(telling)
          }
          return told.length === 0 ? undefined : Promise.all(told).then((all) => all.find((parked) => parked))
        },
      }
    },
    async call(entrant, guard, call) {
      const pass = await enterCall(entrant, guard)
      const holdsSlot = entrant.admission?.guards.includes(guard) ?? false
      let value: Awaited<ReturnType<typeof call>>
      try {
        value = await callUnder(guard, entrant, holdsSlot ? undefined : guard.bulkhead, call)
      } catch (error) {
        throw (pass && (await tell(entrant, pass, error, false))) ?? error
      }
      if (pass) await tell(entrant, pass, undefined, true)
      return value
    },
    blames: (entrant) => blamed.has(entrant),
  }
}

function shut(circuit: Circuit): Parked {
  circuit.counts.parked++
  const { name, rule, opening, halfOpenInMs } = circuit
  const when = Number.isFinite(halfOpenInMs) ? `half-open in ${Math.ceil(halfOpenInMs / 1_000)} s` : 'closed by hand'
  const why = `the breaker of "${name}" is open, ${when}: ${opening?.why ?? ''}`
  const delayMs = breakerParkMs(halfOpenInMs, rule, Math.random())
  return new Parked('MILLRACE_BREAKER_OPEN', { lot: `breaker/${name}`, delayMs, why })
}

const textOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown))
