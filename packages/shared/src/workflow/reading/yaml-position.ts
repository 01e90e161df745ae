import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Path } from '../finding.ts'

/** What a position points at: the name of a field, or its value. */
export type At = 'key' | 'value'

interface Place {
  readonly key: number | undefined
  readonly node: unknown
}

/**
 * Returns a function that answers where a path stands in the text, as an offset. Where the last steps of a path do not
 * exist (a field that is missing), it answers with the name of the nearest object around it.
 *
 * A map is indexed on its first use, so that thousands of questions stay linear. `targets` tells what aliases stand for.
 */
export function offsetFinder(
  document: Document,
  targets: ReadonlyMap<unknown, Node>,
): (path: Path, at: At) => number | undefined {
  const target = (node: unknown): unknown => targets.get(node) ?? node
  const indexes = new Map<YAMLMap, Map<string, Pair>>()
  const indexOf = (map: YAMLMap): Map<string, Pair> => {
    let index = indexes.get(map)
    if (index === undefined) {
      index = indexMap(map, target)
      indexes.set(map, index)
    }
    return index
  }
  const root: Place = { key: startOf(document.contents) ?? 0, node: document.contents }

  const step = (place: Place, name: string | number): Place | undefined => {
    const node = target(place.node)
    if (isMap(node)) {
      const pair = indexOf(node).get(String(name))
      return pair && { key: startOf(pair.key) ?? place.key, node: pair.value }
    }
    if (isSeq(node) && typeof name === 'number' && name < node.items.length) {
      return { key: startOf(node.items[name]) ?? place.key, node: node.items[name] }
    }
    return undefined
  }

  return (path, at) => {
    let place = root
    for (const name of path) {
      const next = step(place, name)
      if (next === undefined) return place.key
      place = next
    }
    return at === 'key' ? place.key : (startOf(place.node) ?? place.key)
  }
}

/** Key → pair. Like the reader, the last of equal keys counts, and a key of its own hides one that is merged in. */
function indexMap(map: YAMLMap, resolve: (node: unknown) => unknown): Map<string, Pair> {
  const merged = new Map<string, Pair>()
  const own = new Map<string, Pair>()
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value ?? '') : ''
    if (key === '<<') {
      const source = resolve(pair.value)
      for (const part of isSeq(source) ? source.items.map(resolve) : [source]) {
        if (!isMap(part)) continue
        for (const [name, inner] of indexMap(part, resolve)) if (!merged.has(name)) merged.set(name, inner)
      }
    }
    own.set(key, pair)
  }
  return new Map([...merged, ...own])
}

/** `undefined` for a value that is not written, as in `needs:` with nothing after it. */
function startOf(node: unknown): number | undefined {
  const range = (node as Node | null | undefined)?.range
  return range && !(isScalar(node) && node.source === '' && node.type === 'PLAIN') ? range[0] : undefined
}
