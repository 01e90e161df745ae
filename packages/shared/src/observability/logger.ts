import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino'
import { createRedactor } from './redact.ts'

export type { Logger }

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LoggerOptions {
  /** Who speaks: `worker`, `dashboard`, … Stands in every line. */
  readonly service: string
  /** Default `info`. */
  readonly level?: LogLevel
  /** Names, or ends of paths, of fields that are secret besides those that are by their name. */
  readonly redact?: readonly string[]
  /** Gets one line of JSON at a time. Default stdout. */
  readonly destination?: DestinationStream
}

/** A log of JSON lines: the level as a word, the time in ISO 8601, no host name and no process id (the platform adds them). */
export function createLogger({
  service,
  level = 'info',
  redact: paths = [],
  destination = pino.destination(1),
}: LoggerOptions): Logger {
  const redact = createRedactor(paths)
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
    serializers: { err: (error: Error) => redact(stdSerializers.err(error) as never) },
  }
  const root: Logger = pino(options, destination)
  // pino formats no fields of children; they inherit this from the root
  const { child } = root
  root.child = function redacted(this: Logger, fields, options) {
    return child.call(this, redact(fields), options) as ReturnType<typeof child>
  } as typeof child
  return root
}
