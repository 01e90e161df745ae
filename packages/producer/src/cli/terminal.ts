import { once } from 'node:events'
import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import type { Look } from './output/look.ts'

/** One of the two streams a command prints to. */
export interface Screen {
  /** Whether a person looks at it and it can be redrawn. */
  readonly live: boolean
  /** How text for it should look right now; the width may have changed since the last call. */
  look(): Look
  write(text: string): void
  /** Resolves when the reader has kept up: who writes much awaits it, or all of it is held in memory. */
  drained(): Promise<void>
}

/** `styleText` honours NO_COLOR, FORCE_COLOR and streams that are no terminal. */
export function screen(stream: NodeJS.WriteStream): Screen {
  const tty = stream as Partial<WriteStream>
  return {
    live: stream.isTTY === true,
    look: () => ({
      paint: (style, text) => (text === '' ? '' : styleText(style, text, { stream })),
      symbols: stream.isTTY === true,
      width: stream.isTTY ? tty.columns || 80 : Infinity,
      now: Date.now(),
    }),
    write: (text) => void stream.write(text),
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, 'drain')
    },
  }
}

/** A reader that has seen enough (`| head`) is no failure: what is left is for nobody. */
export function ignoreClosedPipes(streams: readonly NodeJS.WriteStream[], end: () => never): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') end()
      throw error
    })
  }
}
