import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from '../containers/manifests.ts'

const FOLDER = join(ROOT, 'grafana/dashboards')

/** Parsed JSON: what is looked at in it is said by the tests. */
type Json = Record<string, any>

/** One query of a panel of a dashboard that Grafana loads. */
export interface Asked {
  readonly board: string
  readonly panel: string
  readonly expr: string
  readonly legend: string
}

/** Name → the dashboard as its file says. */
export const boards: ReadonlyMap<string, Json> = new Map(
  globSync('*.json', { cwd: FOLDER })
    .toSorted()
    .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))]),
)

export const panelsOf = (board: Json): Json[] => board['panels'].filter(({ type }: Json) => type !== 'row')

/** Every query of every panel, variables and all. */
export const asked: readonly Asked[] = [...boards].flatMap(([board, json]) =>
  panelsOf(json).flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat = '' }: Json) => ({ board, panel: title, expr, legend: legendFormat })),
  ),
)

/** Queries of the variables at the top of the dashboards: each once. */
export const variables: readonly string[] = [
  ...new Set(
    [...boards.values()].flatMap(({ templating }) =>
      templating.list.flatMap(({ type, query }: Json) => (type === 'query' ? [query.query as string] : [])),
    ),
  ),
]
