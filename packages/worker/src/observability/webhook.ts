import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@millrace/shared'

const ATTEMPTS = 4
const ANSWER_WITHIN_MS = 5_000
/** Before the second, third and fourth attempt. */
const WAIT_MS = [1_000, 5_000, 25_000] as const
/** Messages under way at once; what is more is dropped and said in the log, where the escalation stands anyway. */
const MOST_UNDER_WAY = 20

/** Posts JSON to one address, again when it is not taken. Nothing waits for it, and it keeps no process alive. */
export function openWebhook(
  url: string,
  log: Pick<Logger, 'warn'>,
): { post(body: object): void; stop(): Promise<void> } {
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()

  async function deliver(body: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const problem = await post(body)
      if (!problem) return
      if (attempt === ATTEMPTS || stopping.signal.aborted) {
        log.warn({ attempts: attempt, problem }, 'the webhook does not take an escalation')
        return
      }
      await sleep(WAIT_MS[attempt - 1], undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  async function post(body: string): Promise<string | undefined> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      await response.body?.cancel()
      return response.ok ? undefined : `HTTP ${response.status}`
    } catch (error) {
      const { message, cause } = error as Error
      return cause instanceof Error ? `${message}: ${cause.message}` : message
    }
  }

  return {
    post(body) {
      if (underWay.size >= MOST_UNDER_WAY) {
        log.warn('the webhook is too slow: an escalation was not sent')
        return
      }
      const delivery: Promise<void> = deliver(JSON.stringify(body)).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    /** What waits is tried once more, without waiting. */
    async stop() {
      stopping.abort()
      await Promise.all(underWay)
    },
  }
}
