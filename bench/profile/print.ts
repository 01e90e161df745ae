import { type Column, textTable } from '../runner/table.ts'
import type { Profiled } from './profiling.ts'
import type { ScriptTime } from './scripts.ts'
import type { SelfTime } from './self-time.ts'

const PACKAGES_SHOWN = 10
const FUNCTIONS_SHOWN = 15

/** A profile for people: the packages, then the functions, in which most of the time goes; then the scripts. */
export function showProfile(name: string, { workers, producer, scripts }: Profiled): string {
  return [
    ...(workers.length > 0 ? [showTimes(`${name}: workers`, workers)] : []),
    showTimes(`${name}: producer`, producer),
    ...(scripts.length > 0 ? [showScripts(`${name}: Redis`, scripts)] : []),
  ].join('\n\n')
}

function showTimes(title: string, times: readonly SelfTime[]): string {
  const packages = times.filter(({ functionName }) => functionName === undefined)
  const functions = times.filter(({ functionName }) => functionName !== undefined)
  const total = packages.reduce((sum, { ms }) => sum + ms, 0)
  const columns: Column<SelfTime>[] = [
    { title: 'self time', cell: ({ ms }) => `${ms.toFixed(0)} ms`, align: 'right' },
    { title: '', cell: ({ ms }) => percent(ms / total), align: 'right' },
    { title: 'where', cell: ({ where, functionName = '' }) => `${where} ${functionName}` },
  ]
  const shown = [...packages.slice(0, PACKAGES_SHOWN), ...functions.slice(0, FUNCTIONS_SHOWN)]
  return `${title}, ${total.toFixed(0)} ms of CPU\n${textTable(columns, shown)}`
}

function showScripts(title: string, scripts: readonly ScriptTime[]): string {
  const total = scripts.reduce((sum, { calls, usPerCall }) => sum + calls * usPerCall, 0)
  const columns: Column<ScriptTime>[] = [
    { title: 'script', cell: ({ name }) => name },
    { title: 'calls seen', cell: ({ calls }) => `${calls}`, align: 'right' },
    { title: 'µs/call', cell: ({ usPerCall }) => usPerCall.toFixed(1), align: 'right' },
    { title: 'share', cell: ({ calls, usPerCall }) => percent((calls * usPerCall) / total), align: 'right' },
  ]
  return `${title}, from a sample of the calls\n${textTable(columns, scripts)}`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
