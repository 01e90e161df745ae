import { parseArgs } from 'node:util'
import { POLICIES, type Policy } from './to-workflow.ts'

export const USAGE = `Usage: npm run bench:workflows -- <WfFormat 1.5 file …> [options]

Runs recorded workflows on worker processes of their own. Each job waits as long as its task once took, times the scale.

  --workers <n>   worker processes (default: 2)
  --slots <n>     jobs run at once by all workers together (default: 16)
  --scale <s>     factor for every runtime (default: for each file, so that its lower bound is 20 s)
  --policy <p>    critical-path (default): jobs say how long they will take; fifo: they do not
  --json          print the results as JSON

Exit codes: 0 all is well; 1 a job ran twice or too early, or did not succeed; 2 wrong use; 3 no Redis`

export interface WorkflowsOptions {
  readonly files: readonly string[]
  readonly workers: number
  readonly slots: number
  /** `undefined`: each file is scaled to the same bound. */
  readonly scale: number | undefined
  readonly policy: Policy
  readonly json: boolean
}

/** Most workers of one run: each is a process. */
const MAX_WORKERS = 64
const MAX_SLOTS_PER_WORKER = 512

/** Reads the command line; everything that is wrong with it at once. */
export function readOptions(
  args: readonly string[],
): WorkflowsOptions | { readonly help: true } | { readonly problems: string[] } {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return { problems: [(error as Error).message] }
  }
  const { values, positionals: files } = parsed
  if (values.help) return { help: true }
  const [workers, slots] = [Number(values.workers), Number(values.slots)]
  const scale = values.scale === undefined ? undefined : Number(values.scale)
  const policy = POLICIES.find((one) => one === values.policy)
  const problems: string[] = []
  if (files.length === 0) problems.push('Name at least one file.')
  if (!isWhole(workers, MAX_WORKERS))
    problems.push(`--workers is "${values.workers}": give a whole number from 1 to ${MAX_WORKERS}.`)
  else if (!isWhole(slots, workers * MAX_SLOTS_PER_WORKER) || slots < workers)
    problems.push(
      `--slots is "${values.slots}": give a whole number from ${workers}, one for each worker, to ${workers * MAX_SLOTS_PER_WORKER}.`,
    )
  if (scale !== undefined && !(scale > 0 && Number.isFinite(scale)))
    problems.push(`--scale is "${values.scale}": give a number above 0.`)
  if (!policy) problems.push(`--policy is "${values.policy}": give ${POLICIES.join(' or ')}.`)
  if (problems.length > 0 || !policy) return { problems }
  return { files, workers, slots, scale, policy, json: values.json }
}

const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      workers: { type: 'string', default: '2' },
      slots: { type: 'string', default: '16' },
      scale: { type: 'string' },
      policy: { type: 'string', default: 'critical-path' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
