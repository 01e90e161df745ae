import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { ROOT } from '../containers/manifests.ts'

/** The program, where `npm test` found or installed one. */
export const PROMETHEUS = process.env['MILLRACE_TEST_PROMETHEUS'] || undefined
export const noPrometheus = PROMETHEUS
  ? undefined
  : 'no Prometheus: install it (apt-get install prometheus) or set MILLRACE_TEST_PROMETHEUS'

/** @returns what it said, and whether it was content. */
export function promtool(...args: string[]): { readonly ok: boolean; readonly said: string } {
  const program = join(dirname(PROMETHEUS as string), 'promtool')
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' })
  return { ok: status === 0, said: error ? error.message : `${stdout}${stderr}` }
}
