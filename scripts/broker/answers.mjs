import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

const PATIENCE_MS = 2_000

/**
 * Whether something that speaks Redis answers there. One that asks for a password does.
 *
 * @param {{ host: string, port: number, tls?: boolean }} address
 * @returns {Promise<boolean>} false after 2 s without an answer
 */
export function answers({ host, port, tls = false }) {
  return new Promise((resolve) => {
    // nothing secret is sent, so this question does not ask who is there: the clients do
    const options = { host, port, servername: host, rejectUnauthorized: false }
    const socket = tls ? connectTls(options) : connect(options)
    const end = (/** @type {boolean} */ answer) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end(false), PATIENCE_MS)
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => end(/^(\+PONG|-NOAUTH|-LOADING)/.test(data.toString())))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
}
