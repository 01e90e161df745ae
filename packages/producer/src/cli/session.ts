import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from '../contract.ts'
import type { Address } from './address.ts'
import type { ExitCode } from './exit-codes.ts'
import { jsonDocument } from './json.ts'
import type { Look } from './output/look.ts'
import type { Screen } from './terminal.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean
  readonly redis?: string
  readonly namespace?: string
  readonly actor?: string
}

/** What a command needs to do its work: the pool, the two streams, and Ctrl-C. */
export interface Session {
  readonly json: boolean
  readonly out: Screen
  readonly err: Screen
  /** The address and namespace that `pool` connects to. */
  readonly target: {
    readonly address: Address
    readonly namespace: string | undefined
    readonly connectTimeoutMs: number
  }
  /** Connects at the first call. */
  pool(): Promise<Producer>
  /** Aborted by Ctrl-C. Without a call of this, Ctrl-C ends the process as usual. */
  interruption(): AbortSignal
  /** The command's data, on stdout: as a JSON document with `--json`, else as text. Empty text prints nothing. */
  answer(data: unknown, text: (look: Look) => string): void
  /** What is said about the data, on stderr. */
  talk(text: string): void
}

/** What a command does once its arguments are parsed, and how the process ends. */
export type Work = (session: Session) => Promise<ExitCode>

/** Runs the work of a command with the options it was given, the global ones included. */
export type Run = (options: GlobalOptions, work: Work) => Promise<void>

export interface SessionParts extends Pick<Session, 'json' | 'out' | 'err' | 'target' | 'interruption'> {
  readonly open: (target: Session['target']) => Promise<Producer>
}

const CLOSE_WITHIN_MS = 1_000

/** Runs `work`, then closes the pool if it was opened. */
export async function withSession(parts: SessionParts, work: Work): Promise<ExitCode> {
  let opened: Promise<Producer> | undefined
  const session: Session = {
    ...parts,
    pool: () => (opened ??= parts.open(parts.target)),
    answer(data, text) {
      if (parts.json) return parts.out.write(jsonDocument(data))
      const words = text(parts.out.look())
      if (words !== '') parts.out.write(`${words}\n`)
    },
    talk: (text) => parts.err.write(`${text}\n`),
  }
  try {
    return await work(session)
  } finally {
    const pool = await opened?.catch(() => undefined)
    // a broker that stopped answering would keep the farewell waiting, and the person with it
    if (pool) await Promise.race([pool.close(), sleep(CLOSE_WITHIN_MS)])
  }
}
