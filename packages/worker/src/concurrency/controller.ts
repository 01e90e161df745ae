import type { ConcurrencyRange } from './range.ts'

/** What was measured since the last look. Shares are from 0 to 1. */
export interface Reading {
  /** Of the one core that handlers have, or of the container's CPU quota: the larger. */
  readonly cpu: number
  /** Of all cores of the machine, whoever uses them. */
  readonly machine: number
  /** 95th percentile of how late the event loop was, ms. */
  readonly loopDelayMs: number
  /** Of the memory that there is for this process before something is killed. */
  readonly memory: number
  /** How long attempts took, compared with the same tasks before: 1 is as usual. Absent when too few have ended. */
  readonly slowdown: number | undefined
  readonly active: number
}

/** Where the controller stands between two looks. */
export interface Pace {
  readonly limit: number
  /** False while memory is short: what runs may end, nothing more is taken. */
  readonly taking: boolean
  /** Looks since the limit was last lowered. */
  readonly calm: number
  /** Looks at a worker that takes nothing and has nothing left to run. */
  readonly idle: number
}

export const MOVE_REASONS = ['room', 'cpu', 'event-loop', 'latency', 'memory'] as const
type MoveReason = (typeof MOVE_REASONS)[number]

export interface Move {
  readonly reason: MoveReason
  readonly limit: number
  readonly taking: boolean
  /** For people, with the number that decided. */
  readonly why: string
}

export interface Marks extends ConcurrencyRange {
  /** Share of memory above which nothing more is taken. */
  readonly memoryHigh: number
}

export const firstPace = (limit: number): Pace => ({ limit, taking: true, calm: CALM_BEFORE_RAISE, idle: 0 })

/** What lowers the limit, and below what there is room for more; between the two nothing moves. */
const CPU = { high: 0.9, room: 0.75 }
const LOOP_DELAY_MS = { high: 100, room: 50 }
const SLOWDOWN = { high: 2, room: 1.5 }
const MACHINE_ROOM = 0.95
/** So far must memory fall below its mark before jobs are taken again; 0.8 and 0.7 by default. */
const MEMORY_RELIEF = 0.1
/** Each lowering leaves this much, each raise adds one: the pair that lets rivals for one resource find their shares. */
const LOWER_TO = 0.7
/** Looks to wait, so that what was changed shows before it is changed again. */
const CALM_BEFORE_LOWER = 2
const CALM_BEFORE_RAISE = 5
/** A worker that has nothing left to run and still has no memory gains nothing by waiting on. */
const IDLE_BEFORE_TRYING = 5
/** The limit is raised only while it is what keeps jobs waiting. */
const IN_USE = 0.9

/** One look: lower by a third under pressure, raise by one when there is room and need. */
export function decide(pace: Pace, reading: Reading, marks: Marks): { pace: Pace; move: Move | undefined } {
  const { min, max, memoryHigh } = marks
  const bounded = (limit: number) => Math.min(max, Math.max(min, limit))
  const calm = pace.calm + 1
  const still = { pace: { ...pace, calm, idle: 0 }, move: undefined }

  const to = (reason: MoveReason, limit: number, taking: boolean, why: string) => {
    const lowered = limit < pace.limit || !taking
    return {
      pace: { limit, taking, calm: lowered ? 0 : calm, idle: 0 },
      move: { reason, limit, taking, why },
    }
  }

  if (!pace.taking) {
    const relieved = memoryHigh - MEMORY_RELIEF
    if (reading.memory < relieved) {
      return to('memory', pace.limit, true, `memory is back at ${percent(reading.memory)}, below ${percent(relieved)}`)
    }
    if (reading.active > 0) return still
    if (pace.idle + 1 < IDLE_BEFORE_TRYING) return { pace: { ...pace, calm, idle: pace.idle + 1 }, move: undefined }
    const why = `memory stays at ${percent(reading.memory)} with nothing running, so waiting frees none`
    return to('memory', min, true, why)
  }
  if (reading.memory >= memoryHigh) {
    const why = `memory is at ${percent(reading.memory)}, and ${percent(memoryHigh)} is the mark`
    return to('memory', bounded(Math.floor(pace.limit * LOWER_TO)), false, why)
  }

  const pressure = pressureOf(reading)
  if (pressure) {
    const limit = bounded(Math.floor(pace.limit * LOWER_TO))
    if (limit === pace.limit || pace.calm < CALM_BEFORE_LOWER) return still
    return to(pressure.reason, limit, true, pressure.why)
  }
  const wanted = reading.active >= pace.limit * IN_USE && pace.limit < max
  if (!wanted || !hasRoom(reading, memoryHigh) || pace.calm < CALM_BEFORE_RAISE) return still
  return to('room', bounded(pace.limit + 1), true, `all ${pace.limit} slots are in use and nothing is short`)
}

function pressureOf({ cpu, loopDelayMs, slowdown }: Reading): { reason: MoveReason; why: string } | undefined {
  if (loopDelayMs >= LOOP_DELAY_MS.high) {
    return { reason: 'event-loop', why: `the event loop is ${Math.round(loopDelayMs)} ms late` }
  }
  if (cpu >= CPU.high) return { reason: 'cpu', why: `CPU is at ${percent(cpu)}` }
  if (slowdown !== undefined && slowdown >= SLOWDOWN.high) {
    return { reason: 'latency', why: `attempts take ${slowdown.toFixed(1)} times as long as usual` }
  }
  return undefined
}

const hasRoom = ({ cpu, machine, loopDelayMs, memory, slowdown = 1 }: Reading, memoryHigh: number) =>
  cpu < CPU.room &&
  machine < MACHINE_ROOM &&
  loopDelayMs < LOOP_DELAY_MS.room &&
  slowdown < SLOWDOWN.room &&
  memory < memoryHigh - MEMORY_RELIEF

const percent = (share: number) => `${Math.round(share * 100)} %`
