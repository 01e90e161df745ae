/**
 * How a job names those that need it, and how those name it; dependents.lua has the other half.
 *
 * A need stands in the set of a job's open needs as its number in the list of the workflow's jobs; one that was spawned, which has
 * no number when it is packed, as its key.
 */
export interface Named {
  readonly queue: string
  readonly workflow: string
  /** Its number among the jobs of the workflow; absent for one that was spawned. */
  readonly number: number | undefined
}

/** The field `dependents` of a job. @param suffixes `<queue>:<job id>` */
export function dependentsText({ queue, workflow, number }: Named, suffixes: readonly string[]): string {
  const own = `${queue}:${workflow}.`
  return [number ?? '', ...suffixes.map((suffix) => shortened(suffix, own))].join('\n')
}

const shortened = (suffix: string, own: string) => (suffix.startsWith(own) ? suffix.slice(own.length) : suffix)

/** `<queue>:<job id>` of the dependents that a job's field names. @param suffix of the job itself */
export function dependentsIn(suffix: string, text: string): string[] {
  const own = suffix.slice(0, suffix.indexOf('.', suffix.indexOf(':')) + 1)
  const [, ...lines] = text.split('\n')
  return lines.map((line) => (line.includes(':') ? line : own + line))
}
