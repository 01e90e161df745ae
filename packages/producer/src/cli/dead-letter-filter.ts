import { type DeadLetterFilter, MillraceError } from '@millrace/shared'
import type { Command } from 'commander'
import { readDuration } from './arguments.ts'

export interface FilterOptions {
  readonly task?: string
  readonly queue?: string
  readonly workflow?: string
  readonly tenant?: string
  readonly code?: string
  readonly fingerprint?: string
  readonly text?: string
  readonly olderThan?: number
  readonly newerThan?: number
}

export const addFilterOptions = (command: Command): Command =>
  command
    .option('--task <name>', 'only jobs of this task')
    .option('--queue <name>', 'only jobs of this queue')
    .option('--workflow <id|name>', 'only jobs of this workflow, or of all workflows of this name')
    .option('--tenant <name>', 'only jobs of workflows of this tenant')
    .option('--code <code>', 'only jobs that died with this error code')
    .option('--fingerprint <id>', 'only what died of the same, as `dlq stats` shows it')
    .option('--text <words>', 'only what has these words in its message, in either case')
    .option('--older-than <duration>', 'only what failed longer ago, e.g. 2h', readDuration)
    .option('--newer-than <duration>', 'only what failed within this time, e.g. 1d', readDuration)

/** Several conditions must all hold. Without any, every dead letter matches. */
export function filterOf(options: FilterOptions): DeadLetterFilter {
  const { task, queue, workflow, tenant, code, fingerprint, text, olderThan, newerThan } = options
  const conditions = { task, queue, workflow, tenant, code, fingerprint, text }
  return {
    ...Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined)),
    ...(olderThan !== undefined && { olderThanMs: olderThan }),
    ...(newerThan !== undefined && { newerThanMs: newerThan }),
  }
}

/**
 * What a command that changes dead letters works on: ids, or a filter, or all of them, and only one of the three.
 *
 * @throws MillraceError MILLRACE_USAGE when it is none or several: nothing is ever chosen by leaving something out.
 */
export function whichOf(
  ids: readonly string[],
  options: FilterOptions & { readonly all?: boolean },
): { ids: readonly string[] } | { filter: DeadLetterFilter } {
  const filter = filterOf(options)
  const said = [ids.length > 0, Object.keys(filter).length > 0, options.all === true].filter(Boolean).length
  if (said === 1) return ids.length > 0 ? { ids } : { filter }
  const received = said === 0 ? 'received none of them' : 'received several of them'
  throw new MillraceError('MILLRACE_USAGE', `Expected ids, or filters such as --task, or --all: ${received}.`)
}
