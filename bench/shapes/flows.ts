import type { FlowJob } from 'bullmq'
import { node, type RawJob } from '../pools/raw.ts'
import { payload, range } from './payload.ts'

const noop = (n: number, children?: NonNullable<FlowJob['children']>): FlowJob => node('noop', payload(n), children)

/** Independent jobs for `addBulk`. */
export const plain = (count: number): RawJob[] => range(count).map((n) => ({ name: 'noop', data: payload(n) }))

/** A root with three leaves. */
export const flowTree = (n: number): FlowJob => noop(n, [noop(n), noop(n), noop(n)])

/** Each job the parent of the next: the last one added runs first. */
export const flowChain = (length: number): FlowJob =>
  range(length - 1).reduce((child, n) => noop(n + 1, [child]), noop(0))

export const flowFanIn = (width: number): FlowJob =>
  noop(
    0,
    range(width).map((n) => noop(n)),
  )
