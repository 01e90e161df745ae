// Runs docker compose, whichever of its two spellings this machine has, for one project of its own.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { works } from '../broker/works.mjs'
import { ROOT } from '../install.mjs'

const execute = promisify(execFile)
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024

/** @typedef {ReturnType<typeof openCompose>} Compose */

/** The command, or undefined when there is none or its engine does not answer. */
export function findCompose(/** @type {NodeJS.ProcessEnv} */ env = process.env) {
  if (!works('docker', ['info'], env)) return undefined
  if (works('docker', ['compose', 'version'], env)) return ['docker', 'compose']
  return works('docker-compose', ['version'], env) ? ['docker-compose'] : undefined
}

/**
 * @param {string[]} command
 * @param {string} project separates its containers and volumes from those of any other
 * @param {NodeJS.ProcessEnv} env
 */
export function openCompose([program = '', ...first], project, env) {
  const docker = (/** @type {string[]} */ ...args) => said('docker', args, env)
  const compose = (/** @type {string[]} */ ...args) =>
    said(program, [...first, '--project-name', project, ...args], env)

  /** Containers of a service that run, by id. */
  async function running(/** @type {string} */ service) {
    const ofService = ['project', 'service'].map(
      (label, index) => `label=com.docker.compose.${label}=${[project, service][index]}`,
    )
    const filters = ofService.flatMap((filter) => ['--filter', filter])
    return (await docker('ps', '--quiet', '--no-trunc', ...filters)).split('\n').filter(Boolean)
  }

  return {
    docker,
    running,
    build: () => compose('build', 'worker'),
    /** Starts what is not there yet and makes the workers as many as this; what runs is left alone. */
    scale: (/** @type {number} */ workers) =>
      compose('up', '--detach', '--no-build', '--no-recreate', '--scale', `worker=${workers}`, 'redis', 'worker'),
    /** Nothing is left, data neither. */
    down: () => compose('down', '--volumes', '--timeout', '1'),
  }
}

/** @returns {Promise<string>} what it said on stdout; rejects with all that it said when it fails */
async function said(/** @type {string} */ program, /** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env) {
  const { stdout } = await execute(program, args, { cwd: ROOT, env, maxBuffer: MOST_OUTPUT_BYTES })
  return stdout.trim()
}
