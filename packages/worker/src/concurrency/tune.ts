import type { Logger } from '@millrace/shared'
import { collectGarbage } from './collect.ts'
import { decide, firstPace, type Marks, MOVE_REASONS, type Move } from './controller.ts'
import { trackLatency } from './latency.ts'
import { isFixed } from './range.ts'
import { openCgroup } from './readings/cgroup.ts'
import { watchCpu } from './readings/cpu.ts'
import { watchEventLoop } from './readings/event-loop.ts'
import { readMemory } from './readings/memory.ts'
import type { Slots } from './slots.ts'

/** A move as it is kept, for the heartbeat and for whoever looks. */
interface MadeMove extends Move {
  readonly at: number
}

/** What the process uses, as it was at the last look. Shares are from 0 to 1. */
interface Vitals {
  readonly cpu: number
  readonly loopDelayMs: number
  readonly memory: { readonly share: number; readonly rssBytes: number; readonly limitBytes: number }
}

export interface Tuning {
  vitals(): Vitals
  /** The last moves, the newest first. */
  moves(): readonly MadeMove[]
  /** Reason → moves since the start; every reason from 0 on. */
  moved(): ReadonlyMap<string, number>
  /** Tells how long an attempt took that succeeded. Nothing is kept while the number is fixed. */
  succeeded(task: string, ms: number): void
  stop(): void
}

export interface TuneOptions {
  readonly slots: Slots
  readonly marks: Marks
  readonly active: () => number
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>
}

const LOOK_EVERY_MS = 1_000
const MOVES_KEPT = 20
/** A limit that creeps up says so no more often than this. */
const LOG_EVERY_MS = 10_000

/** Looks at the process every second, and moves its slots: within their range, and to nothing while memory is short. */
export function tune({ slots, marks, active, log }: TuneOptions): Tuning {
  const cgroup = openCgroup()
  const cpu = watchCpu(cgroup)
  const loop = watchEventLoop()
  const latency = trackLatency()
  const fixed = isFixed(marks)
  const moves: MadeMove[] = []
  const moved = new Map<string, number>(MOVE_REASONS.map((reason) => [reason, 0]))
  let pace = firstPace(slots.limit)
  let vitals: Vitals = { cpu: 0, loopDelayMs: 0, memory: readMemory(cgroup) }
  let loggedMonoMs = Number.NEGATIVE_INFINITY

  function look(): void {
    if (!pace.taking && active() === 0) collectGarbage()
    const { own, machine } = cpu()
    vitals = { cpu: own, loopDelayMs: loop.look(), memory: readMemory(cgroup) }
    const reading = {
      cpu: own,
      machine,
      loopDelayMs: vitals.loopDelayMs,
      memory: vitals.memory.share,
      slowdown: fixed ? undefined : latency.look(),
      active: active(),
    }
    const { taking, limit } = pace
    const decided = decide(pace, reading, marks)
    pace = decided.pace
    if (!decided.move) return
    slots.set(pace.limit, pace.taking)
    report(decided.move, { taking, limit })
  }

  function report(move: Move, before: { taking: boolean; limit: number }): void {
    moves.unshift({ ...move, at: Date.now() })
    moves.length = Math.min(moves.length, MOVES_KEPT)
    const { reason, limit, why } = move
    moved.set(reason, (moved.get(reason) ?? 0) + 1)
    if (move.taking !== before.taking) {
      if (move.taking) log.info({ reason, concurrency: limit, why }, 'jobs are taken again')
      else log.warn({ reason, running: active(), why }, 'no more jobs are taken: memory is short')
      return
    }
    const now = performance.now()
    const often = now - loggedMonoMs < LOG_EVERY_MS
    if (!often) loggedMonoMs = now
    log[often ? 'debug' : 'info']({ reason, from: before.limit, concurrency: limit, why }, 'the concurrency has moved')
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  return {
    vitals: () => vitals,
    moves: () => moves,
    moved: () => moved,
    succeeded: fixed ? () => {} : latency.succeeded,
    stop() {
      clearInterval(timer)
      loop.stop()
    },
  }
}
