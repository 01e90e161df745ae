import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Calls `send` at a steady rate for some time, without waiting for the calls before; resolves with their number when all
 * of them have resolved. When this process is late, it catches up at once.
 */
export async function atPace(
  perSecond: number,
  seconds: number,
  send: (n: number) => Promise<unknown>,
): Promise<number> {
  const count = Math.round(perSecond * seconds)
  const beganMs = performance.now()
  const under: Promise<unknown>[] = []
  while (under.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - beganMs) / 1_000) * perSecond))
    while (under.length < due) under.push(send(under.length))
    await sleep(1)
  }
  await Promise.all(under)
  return count
}
