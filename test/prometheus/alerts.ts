import { documents } from '../containers/manifests.ts'

export interface Alert {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<string, string>>
}

export const RULES = 'prometheus/rules/millrace.yml'

const groups = (documents(RULES)[0] as { groups: { rules: Alert[] }[] }).groups

export const alerts: readonly Alert[] = groups.flatMap(({ rules }) => rules)

/** `docs/runbooks/breaker-open.md` → `breaker-open` */
export const pageOf = ({ annotations }: Alert): string =>
  /^docs\/runbooks\/([\w-]+)\.md$/.exec(annotations['runbook'] ?? '')?.[1] ?? ''

/** What a rule looks at, whether it is true or not: its expression without comparisons with a number. */
export const withoutComparisons = (expr: string): string => expr.replaceAll(/\s(?:[<>]=?|[!=]=)\s*-?[\d.]+/g, '')
