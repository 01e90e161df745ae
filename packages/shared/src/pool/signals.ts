import type { Redis } from 'ioredis'

/** What processes of a pool tell each other at once, over one connection. A message that is missed is not repeated. */
export interface Signals {
  /** Calls back with every message that is published on the channel from now on. */
  subscribe(channel: string, heard: (message: string) => void): Promise<void>
  /** Calls back whenever the connection has come back: what was published meanwhile is lost, so look. */
  onReconnect(look: () => void): void
  stop(): void
}

/** Opens the connection; it reconnects and subscribes again by itself. */
export function openSignals(client: Redis): Signals {
  const subscriber = client.duplicate()
  const listeners = new Map<string, ((message: string) => void)[]>()
  const looks: (() => void)[] = []
  let connected = false
  subscriber.on('error', () => {})
  subscriber.on('ready', () => {
    if (connected) for (const look of looks) look()
    connected = true
  })
  subscriber.on('message', (channel: string, message: string) => {
    for (const heard of listeners.get(channel) ?? []) heard(message)
  })
  return {
    async subscribe(channel, heard) {
      const known = listeners.get(channel)
      if (known) known.push(heard)
      else listeners.set(channel, [heard])
      await subscriber.subscribe(channel)
    },
    onReconnect: (look) => void looks.push(look),
    stop: () => subscriber.disconnect(),
  }
}
