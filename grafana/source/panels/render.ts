import type { PanelJson } from '../grafana.ts'
import { renderFigure } from './figure.ts'
import { renderHeat } from './heat.ts'
import { renderLines } from './lines.ts'
import type { Panel } from './panel.ts'
import { SOURCE } from './parts.ts'
import { renderRows } from './rows.ts'
import { renderTable } from './table.ts'

/** A panel as Grafana loads it. Its id and its place are its dashboard's to give. */
export function renderPanel(panel: Panel): PanelJson {
  return { title: panel.title, description: panel.help, datasource: SOURCE, ...partsOf(panel) }
}

function partsOf(panel: Panel) {
  switch (panel.kind) {
    case 'lines':
      return renderLines(panel)
    case 'figure':
      return renderFigure(panel)
    case 'heat':
      return renderHeat(panel)
    case 'rows':
      return renderRows(panel)
    case 'table':
      return renderTable(panel)
  }
}
