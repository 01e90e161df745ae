import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { works } from './works.mjs'

const APT = fileURLToPath(new URL('./install-debian.sh', import.meta.url))

/**
 * Installs a server from the system's packages: on Debian and Ubuntu as root, or with Homebrew. Anything else is left
 * to the user. Nothing is started.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log hears what is done, and what the installer said when it failed
 * @returns {boolean} whether an installer ran and was content
 */
export function installServer(env, log) {
  if (process.getuid?.() === 0 && works('apt-get', ['--version'], env)) {
    log('Installing redis-server from the system’s packages …')
    return ran('/bin/sh', [APT], env, log)
  }
  if (works('brew', ['--version'], env)) {
    log('Installing redis with Homebrew …')
    return ran('brew', ['install', 'redis'], env, log)
  }
  return false
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 */
function ran(command, args, env, log) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) log(`It could not be installed:\n${stdout}${stderr}`.trim())
  return status === 0
}
