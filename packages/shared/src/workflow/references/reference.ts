/** A way into a value: `.name` and `['name']` are texts, `[0]` is a number. */
export type Steps = readonly (string | number)[]

/** What stands between `${{` and `}}`. */
export type Reference =
  | { readonly root: 'inputs'; readonly name: string; readonly steps: Steps }
  | { readonly root: 'needs'; readonly job: string; readonly steps: Steps }
  | { readonly root: 'item'; readonly steps: Steps }
  | { readonly root: 'index'; readonly steps: Steps }

export const REFERENCE_ROOTS = ['inputs', 'needs', 'item', 'index'] as const satisfies Reference['root'][]

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** The reference as text, without the braces; reading it again gives the same reference. */
export function printReference(reference: Reference): string {
  switch (reference.root) {
    case 'inputs':
      return `inputs${printSteps([reference.name, ...reference.steps])}`
    case 'needs':
      return `needs${printSteps([reference.job, 'output', ...reference.steps])}`
    default:
      return `${reference.root}${printSteps(reference.steps)}`
  }
}

export function printSteps(steps: Steps): string {
  return steps.map(printStep).join('')
}

/** No step has both kinds of quotes: there is no way to write one. */
function printStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  if (PLAIN_NAME.test(step)) return `.${step}`
  return step.includes("'") ? `["${step}"]` : `['${step}']`
}
