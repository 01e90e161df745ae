import { textTable } from '../runner/table.ts'
import type { Profiled } from './profiling.ts'

const PACKAGES_SHOWN = 8
const FUNCTIONS_SHOWN = 15

/** A profile for people: the packages, then the functions, in which most of the time goes; then the scripts. */
export function showProfile(name: string, { workers, producer, scripts }: Profiled): string {
  const parts = [
    ...(Object.keys(workers).length > 0 ? [showTimes(`${name}: workers`, workers)] : []),
    showTimes(`${name}: producer`, producer),
  ]
  if (scripts.length > 0) {
    const total = scripts.reduce((sum, { calls, usPerCall }) => sum + calls * usPerCall, 0)
    const columns = [
      { title: 'script', cell: (script: (typeof scripts)[number]) => script.name },
      { title: 'calls seen', cell: ({ calls }: (typeof scripts)[number]) => `${calls}`, align: 'right' as const },
      {
        title: 'µs/call',
        cell: ({ usPerCall }: (typeof scripts)[number]) => usPerCall.toFixed(1),
        align: 'right' as const,
      },
      {
        title: 'share',
        cell: ({ calls, usPerCall }: (typeof scripts)[number]) => percent((calls * usPerCall) / total),
        align: 'right' as const,
      },
    ]
    parts.push(`${name}: Redis, from a sample of the calls\n${textTable(columns, scripts)}`)
  }
  return parts.join('\n\n')
}

function showTimes(title: string, times: Readonly<Record<string, number>>): string {
  // a key with a space names a function of a package, one without the package
  const entries = Object.entries(times).sort(([, a], [, b]) => b - a)
  const packages = entries.filter(([key]) => !key.includes(' '))
  const total = packages.reduce((sum, [, ms]) => sum + ms, 0)
  const columns = [
    { title: 'self time', cell: ([, ms]: [string, number]) => `${ms.toFixed(0)} ms`, align: 'right' as const },
    { title: '', cell: ([, ms]: [string, number]) => percent(ms / total), align: 'right' as const },
    { title: 'where', cell: ([key]: [string, number]) => key },
  ]
  const shown = [
    ...packages.slice(0, PACKAGES_SHOWN),
    ...entries.filter(([key]) => key.includes(' ')).slice(0, FUNCTIONS_SHOWN),
  ]
  return `${title}, ${total.toFixed(0)} ms of CPU\n${textTable(columns, shown)}`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
