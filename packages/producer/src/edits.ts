import {
  applyPatch,
  type Edit,
  hasRunTimeReferences,
  type Json,
  MillraceError,
  type PoolKeys,
  prepareEdit,
  scanBriefs,
  setOperations,
  writeEdit,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Actor } from './audit.ts'
import type { EditChange, Producer } from './contract.ts'
import { publishedChecks } from './published-checks.ts'
import type { TaskCheck } from './task-checks.ts'

/** Why the input of a dead letter cannot become what it shall. */
interface Problem {
  readonly id: string
  readonly what: string
}

/** Problems that are told; the rest is counted. */
const MOST_TOLD = 10

/** Changes the inputs of dead letters: first all of them are worked out and checked, then they are written. */
export function edits(
  client: Redis,
  keys: PoolKeys,
  checks: ReadonlyMap<string, TaskCheck>,
  by: Actor,
): Producer['deadLetters']['edit'] {
  return async (which, change, { dryRun = false } = {}) => {
    const ids: string[] = []
    if ('ids' in which) ids.push(...new Set(which.ids))
    else for await (const { id } of scanBriefs(client, keys, which.filter)) ids.push(id)

    const prepared: Edit[] = []
    const gone: string[] = []
    const problems: Problem[] = []
    const unchecked = new Map<string, string>()
    const published = publishedChecks(client, keys)
    const check = async ({ task, after }: Edit): Promise<readonly string[] | string> => {
      if (hasRunTimeReferences(after)) return 'its input has references to outputs, which only the worker has'
      const own = checks.get(task)
      return (await (own ? own.check(after) : published(task, after))) ?? 'no worker has told what input it takes'
    }
    for (const id of ids) {
      try {
        const edit = await prepareEdit(client, keys, id, (input) => changed(input, change))
        if (!edit) gone.push(id)
        else {
          prepared.push(edit)
          const checked = await check(edit)
          if (typeof checked === 'string') unchecked.set(edit.task, checked)
          else problems.push(...checked.map((what) => ({ id, what })))
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        problems.push({ id, what: error.message })
      }
    }
    if (problems.length > 0) throw new MillraceError('MILLRACE_INPUT_INVALID', refusal(problems))

    const report = {
      edited: [] as { id: string; before: Json; after: Json }[],
      gone,
      refused: [] as string[],
      unchecked: [...unchecked].map(([task, why]) => ({ task, why })),
    }
    for (const edit of prepared) {
      const outcome = dryRun ? 'edited' : await writeEdit(client, keys, edit, by)
      const { id, before, after } = edit
      if (outcome === 'edited') report.edited.push({ id, before, after })
      else if (outcome === 'gone') gone.push(id)
      else report.refused.push(id)
    }
    return report
  }
}

function refusal(problems: readonly Problem[]): string {
  const lines = [...Map.groupBy(problems, ({ what }) => what)].map(([what, [first, ...rest]]) => {
    return `  ${what}  (${first?.id}${rest.length > 0 ? ` and ${rest.length} more` : ''})`
  })
  const more = lines.length > MOST_TOLD ? [`  and ${lines.length - MOST_TOLD} other problems`] : []
  return ['Nothing was changed.', ...lines.slice(0, MOST_TOLD), ...more].join('\n')
}

function changed(input: Json, { patch = [], set = {}, input: replacement }: EditChange): Json {
  let value = applyPatch(replacement === undefined ? input : replacement, patch)
  for (const [path, to] of Object.entries(set)) value = applyPatch(value, setOperations(value, path, to))
  return value
}
