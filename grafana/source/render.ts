import type { Board, Choice } from './dashboard.ts'
import type { DashboardJson } from './grafana.ts'
import { placed } from './grid.ts'
import { SOURCE } from './panels/parts.ts'
import { renderPanel } from './panels/render.ts'

/** What Grafana 12 writes itself; older ones are migrated when they are loaded. */
const SCHEMA_VERSION = 41

/** Where the values of a choice are found. */
const VALUES: Readonly<Record<Choice | 'pool', string>> = {
  pool: 'label_values(millrace_redis_up, pool)',
  queue: 'label_values(millrace_queue_capacity{pool=~"$pool"}, queue)',
  task: 'label_values(millrace_jobs_started_total{pool=~"$pool"}, task)',
  resource: 'label_values(millrace_breaker_state{pool=~"$pool"}, resource)',
}

type Variable = NonNullable<NonNullable<DashboardJson['templating']>['list']>[number]

/** The dashboard as Grafana loads it. */
export function renderBoard({ name, title, help, choices, rows }: Board): DashboardJson {
  return {
    uid: `millrace-${name}`,
    title,
    description: help,
    tags: ['millrace'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    graphTooltip: 1, // one crosshair for all panels
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        title: 'Millrace',
        type: 'dashboards',
        tags: ['millrace'],
        icon: 'external link',
        tooltip: '',
        url: '',
        asDropdown: false,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    annotations: { list: [] },
    templating: { list: [source(), ...(['pool', ...choices] as const).map(choice)] },
    panels: placed(rows).map((one, index) => {
      const frame = { id: index + 1, gridPos: one.place }
      return one.kind === 'heading'
        ? { ...frame, type: 'row', title: one.title, collapsed: false, panels: [] }
        : { ...frame, ...renderPanel(one.panel) }
    }),
  }
}

const source = (): Variable => ({
  name: 'datasource',
  label: 'Data',
  type: 'datasource',
  query: 'prometheus',
  hide: 0,
  refresh: 1,
  multi: false,
  includeAll: false,
})

const choice = (name: Choice | 'pool'): Variable => ({
  name,
  label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  type: 'query',
  datasource: SOURCE,
  query: { qryType: 1, query: VALUES[name], refId: 'PrometheusVariableQueryEditor-VariableQuery' },
  current: { text: ['All'], value: ['$__all'] },
  hide: 0,
  refresh: 2, // when the time that is shown changes
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
})
