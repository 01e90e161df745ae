import { STATE_COLOURS } from './colours.ts'
import { arrowsOf } from './path.ts'
import type { GraphJob } from './render.ts'

const HEAD = [
  '  rankdir=LR',
  '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#94a3b8", fontname="Helvetica"]',
  '  edge [color="#64748b", fontname="Helvetica", fontsize=10]',
]

export function renderDot(jobs: readonly GraphJob[], path: readonly string[]): string {
  const thick = new Set(path)
  const isThick = arrowsOf(path)
  const nodes = jobs.map((job) => {
    const all = [...attributes(job), ...(thick.has(job.name) ? [THICK] : [])]
    return `  ${quote(job.name)} [${all.join(', ')}]`
  })
  const edges = jobs.flatMap((job) =>
    job.needs.map((need) => `  ${quote(need)} -> ${quote(job.name)}${edgeStyle(job, isThick(need, job.name))}`),
  )
  return `${['digraph workflow {', ...HEAD, ...nodes, ...edges, '}'].join('\n')}\n`
}

function attributes({ name, task, state }: GraphJob): string[] {
  const label = `label=${quote(task === undefined ? name : `${name}\n${task}`)}`
  if (state === undefined) return [label]
  const { fill, stroke, text } = STATE_COLOURS[state]
  return [label, `fillcolor="${fill}"`, `color="${stroke}"`, `fontcolor="${text}"`]
}

const THICK = 'penwidth=3'

function edgeStyle({ when }: GraphJob, thick: boolean): string {
  const dashed = when === undefined || when === 'succeeded' ? [] : ['style=dashed', `label="${when}"`]
  const all = [...dashed, ...(thick ? [THICK] : [])]
  return all.length === 0 ? '' : ` [${all.join(', ')}]`
}

/** A quoted DOT string: backslashes and quotes escaped, line breaks as `\n`. */
const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '').replaceAll('\n', '\\n')}"`
