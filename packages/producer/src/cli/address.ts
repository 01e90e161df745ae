import { redactUrl } from '@millrace/shared'

export interface Address {
  readonly url: string
  /** Where the address comes from, for the person who has to mend it. */
  readonly from: string
}

export const DEFAULT_URL = 'redis://127.0.0.1:6379'

/** Which Redis to talk to: what was said on the command line, then the environment, then a pool started here. */
export function chooseAddress(said: {
  readonly flag?: string | undefined
  readonly environment?: string | undefined
  readonly localPool?: string | undefined
}): Address {
  if (said.flag) return { url: said.flag, from: '--redis' }
  if (said.environment) return { url: said.environment, from: 'REDIS_URL' }
  if (said.localPool) return { url: said.localPool, from: 'the local pool that `npm start` runs' }
  return { url: DEFAULT_URL, from: 'the default: neither --redis nor REDIS_URL is set, and no local pool runs here' }
}

/** `redis://:***@host:6379 (from REDIS_URL)` */
export const addressText = ({ url, from }: Address): string => `${redactUrl(url)} (from ${from})`
