/**
 * Wraps plain data so that it notes which fields were read. A schema reads every field that it knows, so what it never
 * read is a field that it does not know: schemas of Kubernetes let those pass, and the cluster drops them without a word.
 */
export function noteReads<T extends object>(data: T): { readonly noted: T; readonly unread: () => string[] } {
  const unread = new Set<string>()
  const wrap = <V>(value: V, path: string): V => {
    if (typeof value !== 'object' || value === null) return value
    const fields = new Map(Object.entries(value).map(([name, field]) => [name, wrap(field, `${path}/${name}`)]))
    for (const name of fields.keys()) unread.add(`${path}/${name}`)
    return new Proxy(value, {
      get(target, name, receiver) {
        if (typeof name !== 'string' || !fields.has(name)) return Reflect.get(target, name, receiver)
        unread.delete(`${path}/${name}`)
        return fields.get(name)
      },
    })
  }
  return { noted: wrap(data, ''), unread: () => [...unread] }
}
