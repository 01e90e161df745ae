import type { Redis } from 'ioredis'
import type { Check } from './ops-server.ts'

/** Whether Redis answers. */
export const brokerCheck = (client: Redis): Check => ({
  name: 'redis',
  async problem() {
    // a command for a broker that is away would wait until it is back
    if (client.status !== 'ready') return `not connected (${client.status})`
    await client.ping()
    return undefined
  },
})
