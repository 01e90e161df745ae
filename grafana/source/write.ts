// npm run dashboards: writes what Grafana loads, ../dashboards/*.json, from the boards in this folder.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BOARDS } from './boards/all.ts'
import { renderBoard } from './render.ts'

for (const board of BOARDS) {
  const file = join(import.meta.dirname, '../dashboards', `${board.name}.json`)
  writeFileSync(file, `${JSON.stringify(renderBoard(board), undefined, 2)}\n`)
}
console.log(`Wrote ${BOARDS.length} dashboards.`)
