import { showValue } from './finding.ts'
import type { Json } from './json.ts'
import type { PlannedJob } from './plan.ts'
import { escapeReferences, type ReferenceScope, resolveReferences } from './references/resolve.ts'
import { isList } from './references/walk.ts'

export type ForeachItems =
  | { readonly ok: true; readonly items: readonly Json[] }
  | { readonly ok: false; readonly problems: readonly string[] }

export type Expansion =
  | { readonly ok: true; readonly jobs: readonly PlannedJob[] }
  | { readonly ok: false; readonly problems: readonly string[] }

type Outputs = Pick<ReferenceScope, 'needs'>

/** The items of a `foreach` job, once its needs have ended. Problems belong to MILLRACE_REFERENCE_UNRESOLVED. */
export function foreachItems(job: PlannedJob, scope: Outputs): ForeachItems {
  if (job.foreach === undefined) return { ok: false, problems: [`"${job.name}" has no foreach`] }
  const resolved = resolveReferences(job.foreach, scope)
  if (!resolved.ok) return resolved
  if (isList(resolved.value)) return { ok: true, items: resolved.value }
  return {
    ok: false,
    problems: [`foreach of "${job.name}" takes a list, but ${String(job.foreach)} is ${showValue(resolved.value)}`],
  }
}

/**
 * The jobs that a `foreach` job becomes, one per item, called `<job>.<index>`. Their references are filled in (and what
 * the data brought along is escaped, so that `with` is a template like any other); without `with`, the item is the input.
 *
 * They are ready to run: no needs, no trigger and no delay, because the job they come from has waited for all of that.
 *
 * @returns the problems of all items together, each with the name of its job.
 */
export function expandForeach(job: PlannedJob, items: readonly Json[], scope: Outputs): Expansion {
  const problems: string[] = []
  const jobs = items.map((item, index): PlannedJob => {
    const name = `${job.name}.${index}`
    const input =
      job.with === undefined
        ? { ok: true as const, value: item }
        : resolveReferences(job.with, { ...scope, item, index })
    if (!input.ok) problems.push(...input.problems.map((problem) => `${name}: ${problem}`))
    const filled = input.ok ? escapeReferences(input.value) : null
    return { ...job, name, needs: [], when: 'succeeded', with: filled, foreach: undefined, delayMs: 0 }
  })
  return problems.length === 0 ? { ok: true, jobs } : { ok: false, problems }
}
