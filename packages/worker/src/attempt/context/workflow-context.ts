import { setTimeout as sleep } from 'node:timers/promises'
import { type Kept, MillraceError, type TaskContext } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import { owned } from './owned.ts'
import { plainText } from './plain-text.ts'
import { requireKey } from './require-key.ts'

/** Each try that fails is one that somebody else's succeeded: fifty jobs at once need no more than fifty. */
const MAX_TRIES = 100
const LONGEST_PAUSE_MS = 20

/** `ctx.context`. One round trip a call; `update` takes two, and two more whenever another job was quicker. */
export function createWorkflowContext(attempt: Attempt, kept: Kept): TaskContext['context'] {
  const field = (key: string) => {
    requireKey('context', key)
    return `key/${key}`
  }
  const textOf = (key: string, value: unknown) =>
    value === undefined ? undefined : plainText(`the value of "${key}"`, value)
  const parse = <Value>(text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as Value))

  async function update<Value>(key: string, change: (value: Value | undefined) => Value | undefined) {
    let there = await kept.recall(field(key))
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      attempt.signal.throwIfAborted()
      const text = textOf(key, await change(parse<Value>(there)))
      const swapped = await kept.keepIf(field(key), text, there)
      if (swapped.kept) return parse<Value>(text)
      there = swapped.there
      await sleep(Math.random() * Math.min(tries, LONGEST_PAUSE_MS))
    }
    throw new MillraceError(
      'MILLRACE_CONTEXT_CONTENDED',
      `The value of "${key}" was changed by others ${MAX_TRIES} times while this job tried to. Let each job have a key of its own.`,
    )
  }

  return {
    get: <Value>(key: string) => owned(attempt, async () => parse<Value>(await kept.recall(field(key)))),
    set: (key, value) => owned(attempt, async () => kept.keep(field(key), textOf(key, value))),
    update: (key, change) => owned(attempt, () => update(key, change)),
  }
}
