import type { Case } from '../runner/case.ts'
import processIndependent from './process-independent.ts'

/** Every benchmark, in the order of the table. */
export const CASES: readonly Case[] = [...processIndependent]
