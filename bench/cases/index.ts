import type { Case } from '../runner/case.ts'
import blocked from './blocked.ts'
import chain from './chain.ts'
import depth from './depth.ts'
import diamondsEndToEnd from './diamonds-end-to-end.ts'
import fans from './fans.ts'
import graphs from './graphs.ts'
import latency from './latency.ts'
import memory from './memory.ts'
import policies from './policies.ts'
import processIndependent from './process-independent.ts'
import processPrioritized from './process-prioritized.ts'
import processSingles from './process-singles.ts'
import recovery from './recovery.ts'
import release from './release.ts'
import sleepers from './sleepers.ts'
import submit from './submit.ts'
import trees from './trees.ts'

/** Every benchmark, in the order of the table. */
export const CASES: readonly Case[] = [
  ...submit,
  ...processIndependent,
  policies,
  processSingles,
  processPrioritized,
  ...trees,
  ...graphs,
  diamondsEndToEnd,
  chain,
  ...fans,
  ...latency,
  release,
  sleepers,
  ...memory,
  blocked,
  depth,
  recovery,
]
