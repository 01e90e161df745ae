import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until `condition` gives something truthy, and gives it back. For what announces itself by no event.
 *
 * @throws Error after `timeoutMs` (default 20 s), with the last value seen.
 */
export async function until<T>(condition: () => T | Promise<T>, timeoutMs = 20_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`gave up after ${timeoutMs} ms; last value: ${JSON.stringify(value)}`)
    await sleep(10)
  }
}
