import { COMPLEXITIES, type Complexity, parseDuration, type Weights } from '@millrace/shared'

/** Entries that replace those of the shipped table; ms. */
export interface GivenWeights {
  readonly complexity?: Partial<Weights['complexity']>
  readonly type?: Weights['type']
}

const ENTRY = /^\s*(complexity|type)\.([\w.-]+)\s*=\s*(.+?)\s*$/

/** Reads `type.security=30s,complexity.meta=20s`; gives what is wrong with it as text. */
export function readWeights(text: string): GivenWeights | string {
  const complexity: Partial<Record<Complexity, number>> = {}
  const type: Record<string, number> = {}
  for (const entry of text.split(',')) {
    const [, table, name = '', duration = ''] = ENTRY.exec(entry) ?? []
    const ms = parseDuration(duration === '0' ? 0 : duration)
    if (table === undefined || ms === undefined) {
      return `expected entries such as type.security=30s or complexity.meta=20s with commas between them, received ${JSON.stringify(entry)}`
    }
    if (table === 'type') type[name] = ms
    else if (COMPLEXITIES.includes(name as Complexity)) complexity[name as Complexity] = ms
    else return `expected one of ${COMPLEXITIES.join(', ')} after complexity., received ${JSON.stringify(name)}`
  }
  return { complexity, type }
}
