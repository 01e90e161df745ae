import { spawnSync } from 'node:child_process'

const PATIENCE_MS = 10_000

/** Whether a command exists and answers with exit code 0. */
export function works(
  /** @type {string} */ command,
  /** @type {string[]} */ args,
  /** @type {NodeJS.ProcessEnv} */ env,
) {
  return spawnSync(command, args, { env, stdio: 'ignore', timeout: PATIENCE_MS }).status === 0
}
