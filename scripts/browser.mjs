// Finds a Chromium for the tests of the pages, and installs one where that is possible.
import { spawnSync } from 'node:child_process'
import { works } from './broker/works.mjs'

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * The first Chromium of this machine, or `undefined`: `MILLRACE_TEST_BROWSER` names one that is not on the PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function findBrowser(env = process.env) {
  if (env.MILLRACE_TEST_BROWSER) return env.MILLRACE_TEST_BROWSER
  const program = PROGRAMS.find((name) => works(name, ['--no-sandbox', '--version'], env))
  if (!program) return undefined
  return spawnSync('/bin/sh', ['-c', `command -v ${program}`], { env, encoding: 'utf8' }).stdout.trim() || undefined
}

/**
 * Installs Debian's or Ubuntu's package, as root only. Gives whether that went well.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 */
export function installBrowser(env, log) {
  if (process.getuid?.() !== 0 || !works('apt-get', ['--version'], env)) return false
  log('Installing chromium from the system’s packages, for the tests of the pages …')
  const script =
    'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium'
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' })
  if (status !== 0) log(`It could not be installed:\n${stdout}${stderr}`.trim())
  return status === 0
}
