/** Why there is no broker. `code` is one of those that docs/errors.md explains. */
export class BrokerError extends Error {
  /** @param {'MILLRACE_BROKER_MISSING' | 'MILLRACE_BROKER_UNREACHABLE'} code */
  constructor(code, /** @type {string} */ message) {
    super(message)
    this.name = 'BrokerError'
    this.code = code
  }
}
