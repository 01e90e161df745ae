// What a worker logged while it was stopped.
import { spawn } from 'node:child_process'

/**
 * @param {string} log lines of JSON
 * @returns {{ drained: boolean, running: number, handedBack: number }} whether it came to its end, with how many jobs still
 *   running then, and how many it gave back to their queue
 */
export function readDrain(log) {
  const lines = log.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  const stopped = lines.find(({ msg }) => msg === 'stopped')
  return { drained: stopped !== undefined, running: stopped?.running ?? 0, handedBack: stopped?.handedBack ?? 0 }
}

/** Follows what a container logs until it ends. Its log goes with it when it is removed, so begin before. */
export function followLog(/** @type {string} */ id, /** @type {NodeJS.ProcessEnv} */ env) {
  const follower = spawn('docker', ['logs', '--follow', id], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  follower.stdout.on('data', (data) => {
    text += data
  })
  const ended = new Promise((resolve) => follower.once('close', resolve))
  return {
    id,
    /** For one that has been stopped. */
    async whole() {
      await ended
      return text
    },
    leave: () => follower.kill(),
  }
}
