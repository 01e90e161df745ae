import { type Json, LEVELS, type Level, parseDuration, WORKFLOW_STATES, type WorkflowState } from '@millrace/shared'
import { InvalidArgumentError, Option } from 'commander'

type Entries = ReadonlyMap<string, Json>

/** `k=v`, collected: the value as JSON when it is JSON, else as text. The last of equal names counts. */
export function collectEntry(text: string, entries: Entries = new Map()): Entries {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError(`Expected name=value, received ${JSON.stringify(text)}.`)
  return new Map(entries).set(text.slice(0, at), jsonOrText(text.slice(at + 1)))
}

function jsonOrText(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return text
  }
  // 12345678901234567890 as a number would silently become another one
  return typeof value === 'number' && /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value
}

export function readDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) {
    throw new InvalidArgumentError(
      `Expected a number with a unit such as 500ms, 30s, 5m, 2h or 1d, received ${JSON.stringify(text)}.`,
    )
  }
  return ms
}

export function readCount(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError(`Expected a whole number from 1, received ${JSON.stringify(text)}.`)
  }
  return count
}

export function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError(`Expected a port from 0 to 65535, received ${JSON.stringify(text)}.`)
  }
  return Number(text)
}

/** Makes an argument reader of a function that names what is wrong. */
export const checked =
  (problemOf: (text: string) => string | undefined) =>
  (text: string): string => {
    const problem = problemOf(text)
    if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`)
    return text
  }

export const setOption = () =>
  new Option(
    '--set <name=value>',
    'give an input of the workflow; JSON when it is JSON, else text; may be repeated',
  ).argParser(collectEntry)

export const priorityOption = () =>
  new Option('--priority <level>', 'override the priority of the workflow').choices(LEVELS)

export const stateOption = () => new Option('--state <state>', 'only workflows in this state').choices(WORKFLOW_STATES)

export type SetOption = { readonly set?: Entries }
export type PriorityOption = { readonly priority?: Level }
export type StateOption = { readonly state?: WorkflowState }
