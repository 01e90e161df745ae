/** How text may be dressed; names as in `util.styleText`. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'magenta'
type Paint = (style: Style, text: string) => string

/** Everything that decides how an answer looks. Formatting takes it as a value, so it needs no terminal to be tested. */
export interface Look {
  readonly paint: Paint
  /** Whether states carry a symbol. False when the reader is a program. */
  readonly symbols: boolean
  /** Columns of the terminal; `Infinity` when nothing has to be cut. */
  readonly width: number
  /** Milliseconds since 1970: what "ago" counts from. */
  readonly now: number
}

/** Text for a file or a pipe: neither colour nor symbol, nothing cut. */
export const plainLook = (now: number): Look => ({ paint: (_, text) => text, symbols: false, width: Infinity, now })
