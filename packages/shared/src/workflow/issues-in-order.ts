import type { Finding, Path } from './finding.ts'
import type { Issue } from './issue.ts'
import type { Locate } from './reading/yaml.ts'

/** Gives findings their places and orders them: by line and column in a text, else by path; what stands nowhere last. */
export function issuesInOrder(findings: readonly Finding[], locate: Locate | undefined): Issue[] {
  const issues = findings.map(({ at = 'value', code, message, path }): Issue => {
    const place = at === 'elsewhere' ? undefined : locate?.(path, at)
    return { code, message, path, ...place }
  })
  return issues.sort(
    (a, b) => byPlace(a, b) || byPath(a.path, b.path) || byText(a.code, b.code) || byText(a.message, b.message),
  )
}

const byPlace = (a: Issue, b: Issue): number =>
  (a.line ?? NOWHERE) - (b.line ?? NOWHERE) || (a.column ?? NOWHERE) - (b.column ?? NOWHERE)

const NOWHERE = Number.MAX_SAFE_INTEGER

function byPath(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (step === other) continue
    if (typeof step === 'number' && typeof other === 'number') return step - other
    return byText(String(step), String(other))
  }
  return a.length - b.length
}

/** By code units, not by the rules of a language: the order must be the same on every machine. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
