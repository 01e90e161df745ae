import type { BreakerRule, BulkheadRule, KnownResource, Resource } from '@millrace/shared'
import type { Bulkhead } from './bulkhead.ts'
import type { Circuit } from './circuit.ts'
import type { FullBreakerRule } from './rules.ts'

/** What stands between attempts and one resource, or one task that has policies of its own. */
export interface Guard {
  /** `stripe`, or `task/<name>`. */
  readonly name: string
  readonly circuit: Circuit | undefined
  readonly bulkhead: Bulkhead | undefined
  /** Said for people. */
  readonly bulkheadText: string
  /** Of one call by `ctx.resource(name).execute`. */
  readonly timeoutMs: number
  readonly retry: Resource['retry']
}

/** A resource that is used and not defined. */
export const undefinedResource = (name: string): Resource => ({
  kind: 'resource',
  name,
  breaker: undefined,
  bulkhead: undefined,
  timeoutMs: undefined,
  retry: { attempts: 1, delayMs: 0, maxDelayMs: 0 },
})

/** The policies of a task itself, in the shape of a resource. */
export const ofTask = (name: string, breaker: BreakerRule | false, bulkhead: BulkheadRule | false): Resource => ({
  ...undefinedResource(`task/${name}`),
  breaker,
  bulkhead,
})

/** For people who list the resources of a pool. */
export const describeGuard = ({ name, circuit, bulkheadText }: Guard): KnownResource => ({
  name,
  breaker: circuit ? breakerText(circuit.rule) : '',
  bulkhead: bulkheadText,
})

function breakerText({ count }: FullBreakerRule): string {
  if (count.kind === 'consecutive') return `${count.failures} failures in a row`
  return `${Math.round(count.threshold * 100)} % of ${count.durationMs / 1_000} s`
}
