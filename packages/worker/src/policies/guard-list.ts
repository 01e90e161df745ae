import { didYouMean, type JobData, MillraceError, nearestOf, type Resource, type Task } from '@millrace/shared'
import type { BulkheadPolicy } from 'cockatiel'
import { type Caller, createBulkhead } from './bulkhead.ts'
import type { Circuits } from './circuits.ts'
import { type Guard, ofTask, undefinedResource } from './guard.ts'
import { defaultBulkhead, fullBreakerRule, halfOf, type PolicyDefaults } from './rules.ts'

export interface GuardListOptions {
  readonly resources: readonly Resource[]
  readonly defaults: PolicyDefaults
  /** Slots of the worker at the moment: they move. */
  readonly slots: () => number
  readonly circuits: Circuits
  readonly caller: Caller
}

/** Which guards a worker has, each made when it is first needed, and which of them stand before an attempt. */
export interface GuardList {
  all(): readonly Guard[]
  find(name: string): Guard | undefined
  /** That of a resource; with the defaults when nobody defined it. */
  of(resource: string): Guard
  /** The task's own first, then those of its resources and of its job's: see compose.ts. */
  before(task: Task, data?: Pick<JobData, 'uses'>): readonly Guard[]
  /** Cockatiel's bulkheads of these, in their order. */
  bulkheadsOf(guards: readonly Guard[]): readonly BulkheadPolicy[]
  /** @throws MillraceError MILLRACE_RESOURCE_UNKNOWN when nobody defined the resource and neither task nor job uses it. */
  require(resource: string, task: Task, data: Pick<JobData, 'uses'>): void
}

export function createGuardList({ resources, defaults, slots, circuits, caller }: GuardListOptions): GuardList {
  const defined = new Map(resources.map((resource) => [resource.name, resource]))
  const guards = new Map<string, Guard>()
  const ofTasks = new WeakMap<Task, readonly Guard[]>()
  const policies = new WeakMap<readonly Guard[], readonly BulkheadPolicy[]>()

  function makeBulkhead(name: string, rule: Resource['bulkhead']): Pick<Guard, 'bulkhead' | 'bulkheadText'> {
    if (rule === false) return { bulkhead: undefined, bulkheadText: '' }
    const full = rule ?? defaultBulkhead(defaults)
    const moves = rule === undefined && defaults.bulkhead === undefined
    if (!moves) return { bulkhead: createBulkhead(name, full, caller), bulkheadText: `${full.limit} at once` }
    const half = () => Math.min(full.limit, halfOf(slots()))
    return { bulkhead: createBulkhead(name, full, caller, half), bulkheadText: 'half of the slots' }
  }

  function make({ name, breaker, bulkhead, timeoutMs = defaults.resourceTimeoutMs, retry }: Resource): Guard {
    const circuit = breaker === false ? undefined : circuits.of(name, fullBreakerRule(breaker, defaults))
    const guard: Guard = { name, circuit, ...makeBulkhead(name, bulkhead), timeoutMs, retry }
    guards.set(name, guard)
    return guard
  }
  const of = (name: string) => guards.get(name) ?? make(defined.get(name) ?? undefinedResource(name))

  function beforeTask(task: Task): readonly Guard[] {
    const known = ofTasks.get(task)
    if (known) return known
    const { name, breaker, bulkhead, uses } = task
    const own = breaker === false && bulkhead === false ? [] : [make(ofTask(name, breaker, bulkhead))]
    const all = [...own, ...uses.map(of)]
    ofTasks.set(task, all)
    return all
  }

  return {
    all: () => [...guards.values()],
    find: (name) => guards.get(name),
    of,
    before: (task, { uses } = {}) => (uses ? [...new Set([...beforeTask(task), ...uses.map(of)])] : beforeTask(task)),
    bulkheadsOf(before) {
      const known = policies.get(before)
      if (known) return known
      const all = before.flatMap(({ bulkhead }) => bulkhead?.policy ?? [])
      policies.set(before, all)
      return all
    },
    require(name, task, { uses = [] }) {
      const known = [...new Set([...defined.keys(), ...task.uses, ...uses])]
      if (known.includes(name)) return
      const list = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`
      throw new MillraceError(
        'MILLRACE_RESOURCE_UNKNOWN',
        `Nobody defined a resource ${JSON.stringify(name)}, and neither the task "${task.name}" nor the job uses it.${didYouMean(nearestOf(known)(name))} ${list}`,
      )
    },
  }
}
