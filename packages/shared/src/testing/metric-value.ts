/** The value of the series with exactly these labels in a text of Prometheus, or `undefined`. */
export function metricValue(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  for (const line of text.split('\n')) {
    const [, found, inside = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const has = inside === '' ? [] : inside.split(',')
    if (found === name && has.length === wanted.length && wanted.every((one) => has.includes(one))) return Number(value)
  }
  return undefined
}
