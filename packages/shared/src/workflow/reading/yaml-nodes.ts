import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { type Finding, type Path, showPath } from '../finding.ts'

export interface NodeFindings {
  /** Mistakes in a text that can still be understood. */
  readonly findings: readonly Finding[]
  /** Mistakes that leave no value to go on with. */
  readonly broken: readonly { readonly message: string; readonly offset: number }[]
  /** What each alias stands for. The parser would search the whole document for every one of them. */
  readonly targets: ReadonlyMap<unknown, Node>
}

/** Walks the nodes in the order of the text and reports what the parser accepts and we do not. O(nodes). */
export function nodeFindings(document: Document): NodeFindings {
  const findings: Finding[] = []
  const broken: { message: string; offset: number }[] = []
  const targets = new Map<unknown, Node>()
  const anchors = new Map<string, Node>()
  const open = new Set<Node>()
  const path: (string | number)[] = []

  const visit = (node: unknown): void => {
    if (isAlias(node)) return visitAlias(node)
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    open.add(node)
    if (isMap(node)) visitMap(node.items)
    else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        path.push(index)
        visit(item)
        path.pop()
      }
    }
    open.delete(node)
  }

  const visitAlias = (alias: Alias): void => {
    const node = anchors.get(alias.source)
    if (node === undefined) broken.push(unknownAlias(alias))
    else if (open.has(node))
      broken.push({
        message: `The alias *${alias.source} stands inside of its own anchor: values cannot contain themselves.`,
        offset: offsetOf(alias),
      })
    else targets.set(alias, node)
  }

  const visitMap = (pairs: readonly Pair[]): void => {
    const seen = new Set<string>()
    for (const { key, value } of pairs) {
      if (!isScalar(key) && key !== null) {
        broken.push({
          message: 'A field name is a single text: lists, objects and aliases cannot be one.',
          offset: offsetOf(key),
        })
        continue
      }
      const name = String(key?.value ?? '')
      path.push(name)
      if (seen.has(name) && name !== '<<') findings.push(duplicate(path))
      seen.add(name)
      if (key?.anchor !== undefined) anchors.set(key.anchor, key)
      visit(value)
      path.pop()
    }
  }

  visit(document.contents)
  return { findings, broken, targets }
}

function duplicate(path: Path): Finding {
  const [top, name] = path
  if (top === 'jobs' && path.length === 2) {
    const message = `There are two jobs called "${name}": rename one.`
    return { code: 'MILLRACE_JOB_DUPLICATE', message, path: [...path], at: 'key' }
  }
  const message = `${showPath(path)} is given twice: remove one.`
  return { code: 'MILLRACE_WORKFLOW_FIELD_DUPLICATE', message, path: [...path], at: 'key' }
}

function unknownAlias(alias: Alias): { message: string; offset: number } {
  const message = `The alias *${alias.source} has no anchor: define &${alias.source} before it, or put the value in quotes.`
  return { message, offset: offsetOf(alias) }
}

const offsetOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0
