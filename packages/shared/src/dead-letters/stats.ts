import type { Redis } from 'ioredis'
import { ERRORS, type Severity } from '../errors/catalogue.ts'
import { type FailureView, readFailures } from '../failures/failures.ts'
import { readWorkers } from '../pool/heartbeat.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { DeadLetterFilter } from '../views/views.ts'
import { type Advice, adviceOn, HAPPENING_MS } from './advice.ts'
import { type PartOfGroup, scanGroups } from './briefs/scan.ts'
import { readLetters } from './list.ts'

const strandedScript = readScript<number[]>(new URL('./stranded.lua', import.meta.url))

const WORKFLOWS_PER_CALL = 500

/** Dead letters of the same fingerprint. Times in ms since 1970. */
export interface DeadLetterGroup {
  readonly fingerprint: string
  readonly code: string
  readonly category: string
  readonly severity: Severity
  /** Of the newest letter. */
  readonly message: string
  readonly letters: number
  /** When the first and the last of them failed. */
  readonly firstAt: number
  readonly lastAt: number
  readonly tasks: readonly string[]
  /** The most hit first; those without a tenant are not among them. */
  readonly tenants: readonly { readonly name: string; readonly letters: number }[]
  /** How many workflows were hit. */
  readonly workflows: number
  /**
   * Jobs of those workflows that did not run: skipped, or waiting for a replay. Where a workflow was hit by several
   * failures, each of them counts all of its jobs.
   */
  readonly stranded: number
  /** Version of the worker that saw it first; absent when nothing is known of the failure any more. */
  readonly firstVersion: string | undefined
  /** Whether attempts still fail so. */
  readonly happening: boolean
  readonly advice: Advice
}

interface Group {
  /** Id of a letter. */
  readonly newest: string
  readonly code: string
  letters: number
  firstAt: number
  lastAt: number
  readonly tasks: Set<string>
  readonly tenants: Map<string, number>
  readonly workflows: Set<string>
}

/**
 * The dead letters that match, grouped by fingerprint, the largest group first.
 *
 * Cost: every letter is looked at, 1 us each, and every workflow hit, 1 us each. The ids of the workflows are held
 * meanwhile.
 */
export async function deadLetterStats(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): Promise<DeadLetterGroup[]> {
  const groups = new Map<string, Group>()
  for await (const parts of scanGroups(client, keys, filter, now)) {
    for (const [fingerprint, part] of Object.entries(parts)) add(groups, fingerprint, part)
  }
  const stranded = await readStranded(client, keys, groups)
  const known = await readFailures(client, keys, [...groups.keys()])
  const messages = await readMessages(client, keys, [...groups.values()])
  const versions = new Set((await readWorkers(client, keys)).map(({ version }) => version))
  return [...groups]
    .sort(([, a], [, b]) => b.letters - a.letters || b.lastAt - a.lastAt)
    .map(([fingerprint, group]) => {
      const message = messages.get(group.newest) ?? ''
      return describe(fingerprint, group, message, known.get(fingerprint), stranded, versions, now)
    })
}

function add(groups: Map<string, Group>, fingerprint: string, part: PartOfGroup): void {
  const { newest, code, letters, firstAt, lastAt, tasks, tenants, workflows } = part
  let group = groups.get(fingerprint)
  if (!group) {
    const sets = { tasks: new Set<string>(), tenants: new Map<string, number>(), workflows: new Set<string>() }
    group = { newest, code, letters: 0, firstAt, lastAt, ...sets }
    groups.set(fingerprint, group)
  }
  group.letters += letters
  group.firstAt = Math.min(group.firstAt, firstAt)
  group.lastAt = Math.max(group.lastAt, lastAt)
  for (const task of Object.keys(tasks)) group.tasks.add(task)
  for (const [tenant, count] of Object.entries(tenants))
    group.tenants.set(tenant, (group.tenants.get(tenant) ?? 0) + count)
  if (Array.isArray(workflows)) for (const workflow of workflows) group.workflows.add(workflow)
}

function describe(
  fingerprint: string,
  { code, letters, firstAt, lastAt, tasks, tenants, workflows }: Group,
  message: string,
  failure: FailureView | undefined,
  stranded: ReadonlyMap<string, number>,
  versions: ReadonlySet<string>,
  now: number,
): DeadLetterGroup {
  const listed = code in ERRORS ? ERRORS[code as keyof typeof ERRORS] : undefined
  const category = failure?.category ?? listed?.category ?? 'handler'
  const happening = now - Math.max(lastAt, failure?.lastSeenAt ?? 0) < HAPPENING_MS
  const deployed = failure !== undefined && versions.size > 0 && !versions.has(failure.lastVersion)
  return {
    ...{ fingerprint, code, category, severity: failure?.severity ?? listed?.severity ?? 'medium', message },
    ...{ letters, firstAt, lastAt, tasks: [...tasks].sort() },
    tenants: [...tenants].map(([name, count]) => ({ name, letters: count })).sort((a, b) => b.letters - a.letters),
    workflows: workflows.size,
    stranded: [...workflows].reduce((sum, id) => sum + (stranded.get(id) ?? 0), 0),
    firstVersion: failure?.firstVersion || undefined,
    happening,
    advice: adviceOn({ code, category, happening, deployed }),
  }
}

/** The message of the newest letter of each group, by its id. */
async function readMessages(
  client: Redis,
  keys: PoolKeys,
  groups: readonly Group[],
): Promise<ReadonlyMap<string, string>> {
  const messages = new Map<string, string>()
  const newest = groups.map((group) => ({ id: group.newest, place: 0 }))
  for await (const { id, message } of readLetters(client, keys, newest)) messages.set(id, message)
  return messages
}

async function readStranded(
  client: Redis,
  keys: PoolKeys,
  groups: ReadonlyMap<string, Group>,
): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set([...groups.values()].flatMap(({ workflows }) => [...workflows]))]
  const stranded = new Map<string, number>()
  for (let from = 0; from < ids.length; from += WORKFLOWS_PER_CALL) {
    const page = ids.slice(from, from + WORKFLOWS_PER_CALL)
    const counts = await strandedScript(client, page.map(keys.workflow), [])
    for (const [index, id] of page.entries()) {
      const count = counts[index] ?? 0
      if (count > 0) stranded.set(id, count)
    }
  }
  return stranded
}
