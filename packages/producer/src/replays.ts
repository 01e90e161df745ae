import {
  type DeadLetter,
  listReplays,
  MillraceError,
  orderReplay,
  type PoolKeys,
  readDeadLetter,
  readReplay,
  readStopRule,
  rehearseReplay,
  scanDeadLetters,
  startReplay,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer, WhichLetters } from './contract.ts'

const DEFAULT_RATE = 1_000
const MOST_PER_SECOND = 10_000

/** The replays that the pool carries out by itself. */
export function replays(client: Redis, keys: PoolKeys, actor: string): Producer['replays'] {
  async function* lettersOf(which: WhichLetters): AsyncGenerator<DeadLetter> {
    if ('filter' in which) return yield* scanDeadLetters(client, keys, which.filter)
    for (const id of new Set(which.ids)) {
      const letter = await readDeadLetter(client, keys, id)
      if (letter) yield letter
    }
  }
  async function* idsOf(which: WhichLetters): AsyncGenerator<string> {
    if ('ids' in which) yield* new Set(which.ids)
    else for await (const { id } of scanDeadLetters(client, keys, which.filter)) yield id
  }
  async function required(id: string) {
    const view = await readReplay(client, keys, id)
    if (!view) throw new MillraceError('MILLRACE_REPLAY_NOT_FOUND', `There is no replay ${JSON.stringify(id)}.`)
    return view
  }
  const order = (verb: 'pause' | 'resume' | 'stop') => async (id: string) => {
    const done = await orderReplay(client, keys, id, verb)
    const view = await required(id)
    if (!done && view.state !== ({ pause: 'paused', resume: 'running', stop: 'stopped' } as const)[verb]) {
      throw new MillraceError('MILLRACE_USAGE', `The replay ${id} is ${view.state}: it cannot be told to ${verb}.`)
    }
    return view
  }

  return {
    async start(which, { ratePerSecond = DEFAULT_RATE, canary = 0, stopIf } = {}) {
      requireRate(ratePerSecond)
      if (!Number.isSafeInteger(canary) || canary < 0) {
        throw new MillraceError('MILLRACE_USAGE', `The canary is ${canary}; expected a whole number from 0.`)
      }
      const rule = stopIf === undefined ? undefined : requireRule(stopIf)
      const order = { ratePerSecond, canary, actor, ...(rule && { stopIf: rule }) }
      return required(await startReplay(client, keys, idsOf(which), order))
    },
    async rehearse(which, { ratePerSecond = DEFAULT_RATE } = {}) {
      requireRate(ratePerSecond)
      return rehearseReplay(client, keys, lettersOf(which), ratePerSecond)
    },
    list: (limit) => listReplays(client, keys, limit),
    get: (id) => readReplay(client, keys, id),
    pause: order('pause'),
    resume: order('resume'),
    stop: order('stop'),
  }
}

function requireRate(rate: number): void {
  if (rate > 0 && rate <= MOST_PER_SECOND) return
  throw new MillraceError('MILLRACE_USAGE', `The rate is ${rate} a second; expected more than 0 and at most 10,000.`)
}

function requireRule(text: string) {
  const rule = readStopRule(text)
  if (rule) return rule
  const message = `The stop rule is ${JSON.stringify(text)}; expected failed>10% (from 0 to below 100) or failed>20.`
  throw new MillraceError('MILLRACE_USAGE', message)
}
