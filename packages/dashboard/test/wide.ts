import type { WorkflowDefinition } from '@millrace/shared'

/** A workflow of many jobs in layers, each of which needs up to three of the layer before; the same one every time. */
export function wide(jobs: number, layers: number, task?: string): WorkflowDefinition {
  let seed = 42
  const chance = () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return seed / 0x7fffffff
  }
  const perLayer = Math.ceil(jobs / layers)
  const name = (index: number) => `step-${Math.floor(index / perLayer) + 1}-${(index % perLayer) + 1}`
  const entries = Array.from({ length: jobs }, (_, index) => {
    const before = Math.floor(index / perLayer) - 1
    const needs = new Set<string>()
    for (let n = 0; before >= 0 && n < 1 + chance() * 2.5; n++) {
      needs.add(name(before * perLayer + Math.floor(chance() * perLayer)))
    }
    const job = { task: task ?? `stage.${(index % 7) + 1}`, ...(needs.size > 0 && { needs: [...needs] }) }
    return [name(index), job] as const
  })
  return { name: 'wide', jobs: Object.fromEntries(entries) }
}
