import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger }

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LoggerOptions {
  /** Who speaks: `worker`, `dashboard`, … Stands in every line. */
  readonly service: string
  /** Default `info`. */
  readonly level?: LogLevel
  /** Gets one line of JSON at a time. Default stdout. */
  readonly destination?: DestinationStream
}

/** A log of JSON lines: the level as a word, the time in ISO 8601, no host name and no process id (the platform adds them). */
export function createLogger({ service, level = 'info', destination = pino.destination(1) }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination)
}
