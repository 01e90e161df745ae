import { describe, expect, it } from 'vitest'
import { JOB_STATES, renderGraph } from '../../../src/index.ts'

const JOBS = [
  { name: 'fetch', task: 'http.get', needs: [], state: 'succeeded' },
  { name: 'parse', task: 'log.parse', needs: ['fetch'], state: 'dead' },
  { name: 'alert', needs: ['parse'], when: 'failed' },
  { name: 'tidy', needs: ['parse'], when: 'always' },
] as const

describe('a graph', () => {
  it('is drawn for Mermaid', () => {
    expect(renderGraph(JOBS, 'mermaid')).toBe(`flowchart LR
  j0["fetch<br/><small>http.get</small>"]:::succeeded
  j1["parse<br/><small>log.parse</small>"]:::dead
  j2["alert"]
  j3["tidy"]
  j0 --> j1
  j1 -. failed .-> j2
  j1 -. always .-> j3
  classDef succeeded fill:#bbf7d0,stroke:#16a34a,color:#052e16
  classDef dead fill:#fecaca,stroke:#dc2626,color:#450a0a
`)
  })

  it('is drawn for Graphviz', () => {
    expect(renderGraph(JOBS, 'dot')).toBe(`digraph workflow {
  rankdir=LR
  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#94a3b8", fontname="Helvetica"]
  edge [color="#64748b", fontname="Helvetica", fontsize=10]
  "fetch" [label="fetch\\nhttp.get", fillcolor="#bbf7d0", color="#16a34a", fontcolor="#052e16"]
  "parse" [label="parse\\nlog.parse", fillcolor="#fecaca", color="#dc2626", fontcolor="#450a0a"]
  "alert" [label="alert"]
  "tidy" [label="tidy"]
  "fetch" -> "parse"
  "parse" -> "alert" [style=dashed, label="failed"]
  "parse" -> "tidy" [style=dashed, label="always"]
}
`)
  })

  it('has the jobs of a path drawn thick, and the arrows from each to the next', () => {
    const jobs = [
      { name: 'a', needs: [] },
      { name: 'b', needs: ['a'] },
      { name: 'c', needs: ['a', 'b'] },
    ]
    expect(renderGraph(jobs, 'mermaid', ['a', 'b', 'c'])).toBe(`flowchart LR
  j0["a"]
  j1["b"]
  j2["c"]
  j0 --> j1
  j0 --> j2
  j1 --> j2
  classDef critical stroke-width:4px
  class j0,j1,j2 critical
  linkStyle 0,2 stroke-width:4px
`)
    expect(renderGraph(jobs, 'dot', ['b', 'c'])).toContain(`  "a" [label="a"]
  "b" [label="b", penwidth=3]
  "c" [label="c", penwidth=3]
  "a" -> "b"
  "a" -> "c"
  "b" -> "c" [penwidth=3]
`)
  })

  it('cannot be broken out of by a name', () => {
    const nasty = [{ name: 'a"]; click j0 "x"\n<b>\\', needs: ['"gone'] }]
    expect(renderGraph(nasty, 'mermaid')).toBe(
      'flowchart LR\n  j0["a#34;#93;#59; click j0 #34;x#34;#10;#60;b#62;#92;"]\n  j1["#34;gone"]\n  j1 --> j0\n',
    )
    expect(renderGraph(nasty, 'dot')).toContain('"\\"gone" -> "a\\"]; click j0 \\"x\\"\\n<b>\\\\"')
  })

  it('has a colour for every state', () => {
    const jobs = JOB_STATES.map((state) => ({ name: state, needs: [], state }))
    expect(renderGraph(jobs, 'mermaid').match(/classDef/g)).toHaveLength(JOB_STATES.length)
  })
})
