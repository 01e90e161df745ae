// The types of the Grafana that docker-compose.yml names, for values that become JSON.
import type { Dashboard, GraphFieldConfig, Panel } from '@grafana/schema'
import type { Options as HeatmapOptions } from '@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen.d.ts'
import type { Options as StatOptions } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts'
import type { Options as StatesOptions } from '@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts'
import type { Options as HistoryOptions } from '@grafana/schema/dist/types/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen.d.ts'
import type { Options as TableOptions } from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts'
import type { Options as LinesOptions } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts'

/** An enum is a text or a number in JSON. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? T | (`${T}` extends `${infer N extends number}` ? N : never)
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T

export type DashboardJson = Plain<Dashboard>
/** A panel without what only its dashboard can give it. */
export type PanelJson = Omit<Plain<Panel>, 'id' | 'gridPos'>
/** The part of a panel that depends on its kind. */
export type PanelBody = Omit<PanelJson, 'title' | 'description' | 'datasource'>
/** Of the lines of a panel. */
export type LinesFields = Plain<GraphFieldConfig>

/** What a panel of a kind can be told. */
export interface OptionsOf {
  readonly timeseries: Plain<LinesOptions>
  readonly stat: Plain<StatOptions>
  readonly heatmap: Plain<HeatmapOptions>
  readonly 'state-timeline': Plain<StatesOptions>
  readonly 'status-history': Plain<HistoryOptions>
  readonly table: Plain<TableOptions>
}
