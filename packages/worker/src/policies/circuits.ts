import {
  type BreakerState,
  callForProbe,
  closeBreaker,
  hearBreaker,
  type LockedJob,
  type Logger,
  openBreaker,
  type PoolKeys,
  prepareBreakers,
  readBreakers,
  readLots,
  returnProbe,
  type Signals,
  takeProbe,
  unparkJobs,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Says } from './blame.ts'
import { type Circuit, type CircuitCounts, createCircuit } from './circuit.ts'
import { type FullBreakerRule, halfOpenDelay } from './rules.ts'

/** A message may be missed, and who closed a breaker may have died before it called the jobs back. */
const LOOK_EVERY_MS = 2_000
/** A broker that does not answer must not hold an attempt. */
const PATIENCE_MS = 1_000
/** Half-open is half-open by the clock of Redis, whatever ours says. */
const CLOCKS_DIFFER_MS = 20
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The leave to run with which an attempt has passed a breaker. */
export interface Pass {
  readonly circuit: Circuit
  /** Failures of attempts that began before the breaker opened or closed are old news. */
  readonly period: object
  /** It is the one attempt that a half-open breaker lets through. */
  readonly probe: boolean
}

export interface CircuitsOptions {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly worker: string
  readonly log: Logger
}

/** Calls the jobs back that wait for a breaker which is closed now, at the pace at which they can run. */
type CallBack = (name: string) => void

/** The breakers of a worker, the same as those of all others. Without Redis each worker goes on with its own. */
export interface Circuits {
  /** The breaker of this name; made at the first call. */
  of(name: string, rule: FullBreakerRule): Circuit
  /** Lets the attempt pass, if this can be said without asking anybody. `ask`: it may be the probe. */
  pass(circuit: Circuit, hasWaited: boolean): Pass | 'ask' | undefined
  /** Asks the pool whether the attempt may be the probe. */
  ask(circuit: Circuit, attempt: LockedJob): Promise<Pass | undefined>
  /** How the attempt ended. For a probe it must be awaited before its job is settled, since the job's lock is its lease. */
  tell(pass: Pass, attempt: LockedJob, says: Says, why: string): Promise<void> | undefined
  /** Names of those that are open. */
  openNames(): readonly string[]
  counts(): Readonly<Record<string, CircuitCounts>>
  start(signals: Signals, callBack: CallBack): Promise<{ stop(): void }>
}

export function createCircuits({ client, keys, worker, log }: CircuitsOptions): Circuits {
  const circuits = new Map<string, Circuit>()
  /** What the pool said of breakers that no attempt of this worker has asked for yet. */
  const unclaimed = new Map<string, BreakerState>()
  const timers = new Map<string, NodeJS.Timeout>()
  let looking = false
  let callBack: CallBack = () => {}

  // commands for a broker that is away would wait, and be carried out when they are no longer true
  const reachable = () => client.status === 'ready'
  const inTime = async <T>(asked: Promise<T>): Promise<T | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, undefined)
    })
    return Promise.race([asked.catch(() => undefined), late]).finally(() => clearTimeout(timer))
  }

  function opened(state: BreakerState, shared: boolean): void {
    const circuit = circuits.get(state.name)
    const news = circuit ? circuit.open(state, shared) : 'same'
    if (news === 'stale') return
    if (!circuit) unclaimed.set(state.name, state)
    if (news === 'changed') {
      const { name, openings, halfOpenInMs, by, why } = state
      log.warn(
        { resource: name, openings, halfOpenInMs, by, why },
        'the breaker is open: jobs wait, no attempt is spent',
      )
    }
    clearTimeout(timers.get(state.name))
    if (!Number.isFinite(state.halfOpenInMs)) return
    const call = () => void callForProbe(client, keys, state.name).catch(() => {})
    const wait = Math.min(LONGEST_TIMER_MS, state.halfOpenInMs + CLOCKS_DIFFER_MS)
    timers.set(state.name, setTimeout(() => reachable() && call(), wait).unref())
  }

  function closed(name: string): void {
    clearTimeout(timers.get(name))
    timers.delete(name)
    unclaimed.delete(name)
    if (!circuits.get(name)?.close()) return
    log.info({ resource: name }, 'the breaker is closed: its jobs are called back')
    callBack(name)
  }

  async function trip({ name, rule }: Circuit, why: string): Promise<void> {
    const opening = { name, openings: 1, halfOpenInMs: halfOpenDelay(1, rule), by: worker, why }
    opened({ ...opening, openedAt: Date.now() }, false)
    if (reachable()) await share(opening)
  }

  async function share(opening: Omit<BreakerState, 'openedAt'>): Promise<void> {
    const state = await inTime(openBreaker(client, keys, opening, 'count'))
    if (state) opened(state, true)
  }

  async function probed({ circuit }: Pass, attempt: LockedJob, says: Says, why: string): Promise<void> {
    const { name, rule } = circuit
    const openings = (circuit.opening?.openings ?? 0) + 1
    circuit.probing = false
    if (says === 'nothing') {
      const returned = reachable() && (await inTime(returnProbe(client, keys, name, attempt)))
      if (returned) await inTime(unparkJobs(client, keys, `breaker/${name}`, 1))
    } else if (says === 'failed') {
      circuit.counts.probesFailed++
      const opening = { name, openings, halfOpenInMs: halfOpenDelay(openings, rule), by: worker, why }
      opened({ ...opening, openedAt: Date.now() }, false)
      const state = reachable() && (await inTime(openBreaker(client, keys, opening, attempt)))
      if (state) opened(state, true)
    } else {
      // the pool first: a job that is called back must find it closed everywhere
      if (reachable()) await inTime(closeBreaker(client, keys, name, attempt))
      closed(name)
    }
  }

  /** Compares with Redis: what was missed is made good. */
  async function look(): Promise<void> {
    if (looking || !reachable()) return
    looking = true
    try {
      const states = await readBreakers(client, keys)
      for (const state of states.values()) {
        opened(state, true)
        if (state.halfOpenInMs === 0) await callForProbe(client, keys, state.name)
      }
      for (const name of [...unclaimed.keys()].filter((name) => !states.has(name))) closed(name)
      for (const { name, opening, halfOpenInMs } of circuits.values()) {
        if (!opening || states.has(name)) continue
        if (opening.shared) closed(name)
        else await share({ ...opening, halfOpenInMs })
      }
      const lots = (await readLots(client, keys)).map(({ lot }) => /^breaker\/(.+)$/.exec(lot)?.[1])
      for (const name of lots) if (name && !states.has(name) && !circuits.get(name)?.opening) callBack(name)
    } catch {
      // the next look will do
    } finally {
      looking = false
    }
  }

  return {
    of(name, rule) {
      const known = circuits.get(name)
      if (known) return known
      const circuit = createCircuit(name, rule)
      circuits.set(name, circuit)
      const state = unclaimed.get(name)
      unclaimed.delete(name)
      if (state) opened(state, true)
      return circuit
    },
    pass(circuit, hasWaited) {
      if (!circuit.opening) return { circuit, period: circuit.period, probe: false }
      return circuit.isDue(hasWaited) ? 'ask' : undefined
    },
    async ask(circuit, attempt) {
      const { name } = circuit
      if (circuit.probing) return undefined
      const granted = () => {
        circuit.probing = true
        circuit.counts.probes++
        const { openings } = circuit.opening ?? {}
        log.info(
          { resource: name, openings, job: attempt.job.id },
          'the breaker is half-open: this attempt is the probe',
        )
        return { circuit, period: circuit.period, probe: true }
      }
      if (!reachable()) return granted()
      circuit.asking = true
      const reply = await inTime(takeProbe(client, keys, name, attempt))
      circuit.asking = false
      if (reply?.answer === 'granted') return granted()
      if (reply?.answer === 'closed') {
        closed(name)
        return { circuit, period: circuit.period, probe: false }
      }
      if (reply?.state) opened(reply.state, true)
      circuit.quiet()
      return undefined
    },
    tell(pass, attempt, says, why) {
      if (pass.probe) return probed(pass, attempt, says, why)
      const { circuit, period } = pass
      if (period === circuit.period && !circuit.opening && circuit.heard(says)) void trip(circuit, why)
      return undefined
    },
    openNames: () => [...circuits.values()].filter(({ opening }) => opening).map(({ name }) => name),
    counts: () => Object.fromEntries([...circuits.values()].map(({ name, counts }) => [name, { ...counts }])),
    async start(signals, back) {
      callBack = back
      await prepareBreakers(client, keys)
      await signals.subscribe(keys.breakerSignals, (message) => {
        const { name, state } = hearBreaker(message)
        if (state) opened(state, true)
        else closed(name)
      })
      signals.onReconnect(() => void look())
      await look()
      const timer = setInterval(look, LOOK_EVERY_MS).unref()
      return {
        stop: () => {
          clearInterval(timer)
          for (const call of timers.values()) clearTimeout(call)
        },
      }
    },
  }
}
