import type { Case, RowSpec, Target } from './case.ts'
import { median } from './statistics.ts'

/** The samples of a case, run by run: the two of one run were neighbours in time. */
export interface Runs {
  readonly ours: readonly Readonly<Record<string, number>>[]
  readonly raw: readonly Readonly<Record<string, number>>[]
}

/** One line of the table, computed. */
export interface RowOutcome {
  readonly case: string
  readonly row: string
  readonly what: string
  readonly unit: RowSpec['unit']
  /** Medians. */
  readonly ours: number
  readonly raw: number
  /** Median, lowest and highest of the ratios ours / raw, each of one run. */
  readonly ratio: number
  readonly ratios: { readonly lowest: number; readonly highest: number }
  readonly target: string
  /** `undefined` when there is no target. */
  readonly holds: boolean | undefined
  readonly samples: { readonly ours: readonly number[]; readonly raw: readonly number[] }
}

/** Computes the rows of a case. */
export function outcomesOf({ name, rows }: Case, runs: Runs): RowOutcome[] {
  return Object.entries(rows).map(([row, { what, unit, target }]) => {
    const ours = runs.ours.map((sample) => sample[row] ?? Number.NaN)
    const raw = runs.raw.map((sample) => sample[row] ?? Number.NaN)
    const ratios = ours.map((value, run) => value / (raw[run] ?? Number.NaN))
    const figures = { ours: median(ours), raw: median(raw), ratio: median(ratios) }
    return {
      case: name,
      row,
      what,
      unit,
      ...figures,
      ratios: { lowest: Math.min(...ratios), highest: Math.max(...ratios) },
      target: target ? showTarget(target, unit) : '',
      holds: target ? holds(target, figures) : undefined,
      samples: { ours, raw },
    }
  })
}

function holds(target: Target, { ours, ratio }: { ours: number; ratio: number }): boolean {
  const value = target.of === 'ratio' ? ratio : ours
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}

function showTarget(target: Target, unit: RowSpec['unit']): string {
  const sign = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
  if (target.of === 'ratio') return sign
  return `ours ${sign}${unit === '×' ? '' : ` ${unit}`}`
}

/** A figure with as many digits as it deserves. */
export function showFigure(value: number, unit: RowSpec['unit']): string {
  if (!Number.isFinite(value)) return '–'
  if (unit === '×') return value.toFixed(3)
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
