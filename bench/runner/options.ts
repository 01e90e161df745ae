import { parseArgs } from 'node:util'

export const USAGE = `Usage: npm run bench [-- <filter …>] [options]

Runs Millrace and raw BullMQ in turn on a Redis of their own and compares them. A filter is part of a benchmark's name.

  --list                  print the benchmarks and what each measures
  --runs <n>              runs of each side (default: 5)
  --quick                 small sizes and one run: whether everything works, in about two minutes
  --json                  print the result as JSON
  --save <description>    also write bench/results/<date>-<description>.json and .md
  --profile               run only our side, once, and print where the time goes in Node and in Redis

Exit codes: 0 all ran; 1 a benchmark lost a job or could not run; 2 wrong use; 3 no Redis.
A target that is missed is printed as such and changes no exit code: on a busy machine figures are what they are.`

export interface BenchOptions {
  readonly filters: readonly string[]
  readonly list: boolean
  readonly runs: number
  readonly quick: boolean
  readonly json: boolean
  readonly save: string | undefined
  readonly profile: boolean
}

const MAX_RUNS = 100

/** Reads the command line. */
export function readOptions(
  args: readonly string[],
): BenchOptions | { readonly help: true } | { readonly problems: string[] } {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return { problems: [(error as Error).message] }
  }
  const { values, positionals: filters } = parsed
  if (values.help) return { help: true }
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  const problems: string[] = []
  if (!Number.isInteger(runs) || runs < 1 || runs > MAX_RUNS)
    problems.push(`--runs is "${values.runs}": give a whole number from 1 to ${MAX_RUNS}.`)
  if (values.save !== undefined && !/[a-z0-9]/i.test(values.save))
    problems.push(`--save is "${values.save}": describe the run in a few words, such as "batches of 32".`)
  if (problems.length > 0) return { problems }
  const { list, quick, json, save, profile } = values
  return { filters, list, runs, quick, json, save, profile }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      list: { type: 'boolean', default: false },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      save: { type: 'string' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
