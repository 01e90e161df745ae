import { idempotencyKey, type Kept, type Once } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import type { Room } from '../room.ts'
import { owned } from './owned.ts'
import { plainText } from './plain-text.ts'
import { requireKey } from './require-key.ts'

/**
 * `ctx.once`: two round trips for a key whose result is not recorded yet, one for a key that is, none for one that this
 * attempt has asked for before.
 */
export function createOnce(attempt: Attempt, kept: Kept, keyOf: (key: string) => string): Once {
  const results = new Map<string, Promise<string>>()

  async function perform(key: string, effect: () => unknown): Promise<string> {
    const recorded = await kept.recall(`once/${key}`)
    if (recorded !== undefined) return recorded
    attempt.signal.throwIfAborted()
    const result = plainText(`the result of once("${key}")`, await effect())
    // recorded even when the signal was aborted meanwhile: the effect has happened, and the next attempt must know
    const swapped = await kept.keepIf(`once/${key}`, result, undefined)
    return swapped.kept ? result : (swapped.there as string)
  }

  return <Result>(key: string, effect: Parameters<Once>[1]) =>
    owned(attempt, async () => {
      requireKey('once', key)
      let result = results.get(key)
      if (!result) {
        result = perform(key, () => effect({ idempotencyKey: keyOf(key) }))
        results.set(key, result)
        result.catch(() => results.delete(key)) // a failure is not recorded: it may be tried again
      }
      const text = await result
      attempt.signal.throwIfAborted()
      return JSON.parse(text) as Result
    })
}

/** `ctx.idempotencyKey`. */
export const idempotencyKeys = ({ job }: Attempt, { keys }: Room) => {
  const { workflow, job: name } = job.data
  return (key: string): string => {
    requireKey('idempotencyKey', key)
    return idempotencyKey({ namespace: keys.namespace, workflow, job: name, key })
  }
}
