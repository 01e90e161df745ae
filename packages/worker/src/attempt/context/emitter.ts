import { MillraceError } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import { owned } from './owned.ts'
import { plainText } from './plain-text.ts'

/** How long a chunk may wait for others that go with it: too short to be seen by who watches. */
const LINGER_MS = 20
/** What is sent by one call, and what may wait for it: beyond that, `emit` waits. */
const MAX_CHUNKS = 500
const MAX_BYTES = 256 * 1024
/** Of one chunk. */
const MAX_CHUNK_BYTES = 64 * 1024

export interface Emitter {
  emit(chunk: unknown): Promise<void>
  /** Sends what waits; nothing can be emitted any more. @throws whatever kept it from being sent. */
  end(): Promise<void>
}

/** `ctx.emit`: gathers chunks, so that thousands of them take tens of calls. One call at a time keeps them in order. */
export function createEmitter(attempt: Attempt, send: (chunks: readonly string[]) => Promise<void>): Emitter {
  const waiting: string[] = []
  let bytes = 0
  let sending: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let failure: { readonly error: unknown } | undefined
  let ended = false

  const isFull = () => waiting.length >= MAX_CHUNKS || bytes >= MAX_BYTES

  function pump(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    sending ??= sendAll().finally(() => {
      sending = undefined
    })
    return sending
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = take()
      try {
        await send(batch)
      } catch (error) {
        failure = { error }
        throw error
      }
    }
  }

  /** What goes with one call: never more, should a handler not wait for `emit`. */
  function take(): string[] {
    let size = 0
    let count = 0
    while (count < Math.min(waiting.length, MAX_CHUNKS) && size < MAX_BYTES) {
      size += Buffer.byteLength(waiting[count++] as string)
    }
    bytes -= size
    return waiting.splice(0, count)
  }

  async function emit(chunk: unknown): Promise<void> {
    if (failure) throw failure.error
    if (ended) throw new TypeError('nothing can be emitted after the attempt has ended; await what the handler begins')
    const text = plainText('the chunk', chunk)
    const length = Buffer.byteLength(text)
    if (length > MAX_CHUNK_BYTES) {
      throw new MillraceError(
        'MILLRACE_VALUE_TOO_LARGE',
        `The chunk is ${length} bytes of JSON; at most ${MAX_CHUNK_BYTES} are streamed. Emit smaller ones.`,
      )
    }
    waiting.push(text)
    bytes += length
    if (isFull()) await pump()
    else timer ??= setTimeout(() => owned(attempt, pump), LINGER_MS)
  }

  return {
    emit: (chunk) => owned(attempt, () => emit(chunk)),
    async end() {
      ended = true
      await pump()
      if (failure) throw failure.error
    },
  }
}
