import { STATE_COLOURS } from './colours.ts'
import { arrowsOf } from './path.ts'
import type { GraphJob } from './render.ts'

export function renderMermaid(jobs: readonly GraphJob[], path: readonly string[]): string {
  const ids = new Map<string, string>()
  const idOf = (name: string) => {
    if (!ids.has(name)) ids.set(name, `j${ids.size}`)
    return ids.get(name)!
  }
  for (const job of jobs) idOf(job.name)
  const nodes = jobs.map((job) => `  ${idOf(job.name)}["${label(job)}"]${job.state ? `:::${job.state}` : ''}`)
  const edges = jobs.flatMap((job) => job.needs.map((need) => `  ${idOf(need)} ${arrow(job)} ${idOf(job.name)}`))
  const strangers = [...ids].slice(jobs.length).map(([name, id]) => `  ${id}["${asEntities(name)}"]`)
  const states = [...new Set(jobs.flatMap((job) => job.state ?? []))]
  const classes = states.map((state) => {
    const { fill, stroke, text } = STATE_COLOURS[state]
    return `  classDef ${state} fill:${fill},stroke:${stroke},color:${text}`
  })
  const isThick = arrowsOf(path)
  const thick = jobs
    .flatMap((job) => job.needs.map((need) => isThick(need, job.name)))
    .flatMap((yes, index) => (yes ? [index] : []))
  const marks = [
    ...(path.length > 0 ? [`  classDef critical ${THICK}`, `  class ${path.map(idOf).join(',')} critical`] : []),
    ...(thick.length > 0 ? [`  linkStyle ${thick.join(',')} ${THICK}`] : []),
  ]
  return `${['flowchart LR', ...nodes, ...strangers, ...edges, ...classes, ...marks].join('\n')}\n`
}

const THICK = 'stroke-width:4px'

const arrow = ({ when }: GraphJob): string => (when === undefined || when === 'succeeded' ? '-->' : `-. ${when} .->`)

const label = ({ name, task }: GraphJob): string =>
  task === undefined ? asEntities(name) : `${asEntities(name)}<br/><small>${asEntities(task)}</small>`

/** Mermaid reads `#34;` as the character 34; everything but plain letters, digits and marks is written so. */
const asEntities = (text: string): string =>
  text.replace(/[^\p{L}\p{N} _.,:/-]/gu, (character) => `#${character.codePointAt(0)};`)
