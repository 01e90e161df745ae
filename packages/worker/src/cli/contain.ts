import type { Logger } from '@millrace/shared'
import { blameAstray, blameExit } from '../attempt/astray.ts'

/**
 * Keeps what one handler does to the process from the other jobs in it: an error that nobody catches and a call of
 * `process.exit` fail the attempt they come from. What comes from no handler leaves the process in a state nobody knows:
 * `end` is called then, once.
 */
export function contain(log: Pick<Logger, 'fatal'>, end: () => void): void {
  let ending = false
  process.on('uncaughtException', (error) => {
    if (blameAstray(error)) return
    log.fatal({ err: error }, 'an error that nobody caught, and that is not of a handler: the worker ends')
    if (!ending) end()
    ending = true
  })
  const exit = process.exit
  process.exit = (code) => {
    const error = blameExit(code)
    if (error) throw error
    return exit.call(process, code)
  }
}
