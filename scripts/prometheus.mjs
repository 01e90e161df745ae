// Finds a Prometheus for the tests of dashboards and rules, and installs one where that is possible.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { works } from './broker/works.mjs'

const APT = fileURLToPath(new URL('./broker/install-debian.sh', import.meta.url))

/**
 * The program, or `undefined`: `MILLRACE_TEST_PROMETHEUS` names one that is not on the PATH. `promtool` must be beside it.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function findPrometheus(env = process.env) {
  const said = spawnSync('/bin/sh', ['-c', 'command -v prometheus'], { env, encoding: 'utf8' }).stdout?.trim()
  const program = env.MILLRACE_TEST_PROMETHEUS || said
  return program && works(join(dirname(program), 'promtool'), ['--version'], env) ? program : undefined
}

/**
 * Installs Debian's or Ubuntu's package, as root only. Gives whether that went well.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 */
export function installPrometheus(env, log) {
  if (process.getuid?.() !== 0 || !works('apt-get', ['--version'], env)) return false
  log('Installing prometheus from the system’s packages, for the tests of dashboards and rules …')
  const { status, stdout, stderr } = spawnSync('/bin/sh', [APT, 'prometheus'], { env, encoding: 'utf8' })
  if (status !== 0) log(`It could not be installed:\n${stdout}${stderr}`.trim())
  return status === 0
}
