import { MillraceError } from '@millrace/shared'

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

/** Connects; when that fails, the error also says where the address came from, since that is what has to be mended. */
export async function withOrigin<T>({ from }: Address, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect()
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'MILLRACE_BROKER_UNREACHABLE') throw error
    throw new MillraceError(error.code, `${error.message}\nThe address comes from ${from}.`, { cause: error })
  }
}
