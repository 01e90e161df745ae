import { SERIES } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { BOARDS } from '../../grafana/source/boards/all.ts'
import { renderBoard } from '../../grafana/source/render.ts'
import { documents, read } from '../containers/manifests.ts'
import { namesIn, seriesIn } from '../prometheus/names.ts'
import { asked, boards, panelsOf } from './boards.ts'

const named = [...boards]
const panels = named.flatMap(([name, board]) =>
  panelsOf(board).map((panel) => [`${name}: ${panel['title']}`, panel] as const),
)
const everything = asked.map(({ expr }) => expr).join('\n')

describe('the dashboards', () => {
  it('are what their source says: npm run dashboards', () => {
    const written = Object.fromEntries(
      BOARDS.map((board) => [board.name, JSON.parse(JSON.stringify(renderBoard(board)))]),
    )
    expect(Object.fromEntries(boards)).toEqual(written)
  })

  it('name only series that exist', () => {
    const known = namesIn(Object.values(SERIES))
    expect(seriesIn(everything).filter((name) => !known.has(name))).toEqual([])
  })

  it('show every series there is', () => {
    const unseen = Object.values(SERIES).filter(({ name }) => !new RegExp(`\\b${name}\\b|\\b${name}_`).test(everything))
    expect(unseen.map(({ name }) => name)).toEqual([])
  })

  it('have addresses of their own', () => {
    const uids = named.map(([, { uid }]) => uid)
    expect(new Set(uids).size).toBe(uids.length)
    expect(uids).toEqual(named.map(([name]) => `millrace-${name}`))
  })

  it('are written for the Grafana of docker-compose.yml, whose types hold them', () => {
    const { devDependencies } = JSON.parse(read('package.json'))
    const [{ services } = {}] = documents('docker-compose.yml')
    expect(services.grafana.image).toBe(`grafana/grafana:${devDependencies['@grafana/schema']}`)
  })

  it('are found where Grafana is told to look, with the source of data that it is given', () => {
    const [{ services } = {}] = documents('docker-compose.yml')
    const [{ providers } = {}] = documents('grafana/provisioning/dashboards/millrace.yml')
    const [{ datasources } = {}] = documents('grafana/provisioning/datasources/prometheus.yml')
    const { path } = providers[0].options
    expect(services.grafana.volumes).toContain(`./grafana/dashboards:${path}:ro`)
    expect(services.grafana.volumes).toContain('./grafana/provisioning:/etc/grafana/provisioning:ro')
    const home = services.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH
    expect([...boards.keys()].map((name) => `${path}/${name}.json`)).toContain(home)
    expect(datasources).toMatchObject([{ type: 'prometheus', isDefault: true, url: 'http://prometheus:9090' }])
    const [
      {
        global: { scrape_interval },
      } = { global: {} },
    ] = documents('prometheus/prometheus.yml')
    expect(datasources[0].jsonData.timeInterval, 'rates look at four scrapes').toBe(scrape_interval)
  })
})

describe('a dashboard', () => {
  it.each(named)('%s gives each panel an id and a title of its own', (_name, { panels }) => {
    for (const key of ['id', 'title']) {
      const values = panels.map((panel: Record<string, unknown>) => panel[key])
      expect(new Set(values).size, key).toBe(values.length)
    }
  })

  it.each(named)('%s has no two panels in one place, and no gap', (_name, { panels }) => {
    const taken = new Map<string, string>()
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `${title} lies on another panel`).toBeUndefined()
          expect(x, `${title} is beyond the right edge`).toBeLessThan(24)
          taken.set(`${x},${y}`, title)
        }
      }
    }
    const bottom = Math.max(...panels.map(({ gridPos }: any) => gridPos.y + gridPos.h))
    expect(taken.size).toBe(24 * bottom)
  })

  it.each(named)('%s uses every variable that it has, and has every one that it uses', (_name, board) => {
    const has: string[] = board['templating'].list.map(({ name }: { name: string }) => name)
    const used = new Set(
      [...JSON.stringify(board['panels']).matchAll(/\$(?:\{(\w+)\}|(\w+))/g)]
        .map(([, braced, bare]) => (braced ?? bare) as string)
        .filter((name) => !name.startsWith('__')),
    )
    expect(has.toSorted()).toEqual([...used].toSorted())
  })
})

describe('a panel', () => {
  it.each(panels)('%s says what it shows and what to do', (_name, { description }) => {
    expect(description.length).toBeGreaterThan(20)
    expect(description).toMatch(/[.`]$/)
  })

  it.each(panels)('%s has a unit, and a legend for each line', (_name, { type, fieldConfig, targets }) => {
    const units =
      type === 'table'
        ? fieldConfig.overrides.map((each: any) => each.properties[0].value)
        : [fieldConfig.defaults.unit]
    expect(units.length).toBeGreaterThan(0)
    for (const unit of units) expect(unit).toEqual(expect.any(String))
    if (type === 'timeseries') for (const { legendFormat } of targets) expect(legendFormat).not.toBe('')
    expect(new Set(targets.map(({ refId }: any) => refId)).size).toBe(targets.length)
  })

  it.each(asked)('$board: $panel asks one pool: $expr', ({ expr }) => {
    const selectors = [...expr.matchAll(/\b(?:millrace_\w+|ALERTS)(\{[^}]*\})?/g)]
    expect(selectors.filter(([, labels = '']) => !labels.includes('pool=~"$pool"')).map(([all]) => all)).toEqual([])
  })
})
