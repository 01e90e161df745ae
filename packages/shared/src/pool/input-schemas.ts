import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readWorkers } from './heartbeat.ts'

/** A JSON Schema (draft 2020-12) as a worker told it. */
export type JsonSchema = boolean | Readonly<Record<string, unknown>>

/** What a version of the workers takes for the input of a task. */
export interface InputSchema {
  readonly version: string
  readonly schema: JsonSchema
}

/** What is larger is not told: nobody edits the inputs of such a task by hand. */
const MOST_BYTES = 64 * 1024

/**
 * Tells the pool what inputs the tasks of this worker take, so that an edited one can be checked before it is written. Schemas of
 * versions that no worker has any more are taken away. Cost: two round trips, once per worker.
 */
export async function publishInputSchemas(
  client: Redis,
  keys: PoolKeys,
  version: string,
  schemas: ReadonlyMap<string, JsonSchema | undefined>,
): Promise<void> {
  const present = new Set([version, ...(await readWorkers(client, keys)).map((worker) => worker.version)])
  const known = await client.hkeys(keys.inputSchemas)
  const stale = known.filter((field) => {
    const [task, of] = split(field)
    return schemas.has(task) && (!present.has(of) || of === version)
  })
  const told = [...schemas].flatMap(([task, schema]) => {
    const text = schema === undefined ? undefined : JSON.stringify(schema)
    return text !== undefined && text.length <= MOST_BYTES ? [`${task}@${version}`, text] : []
  })
  const change = client.multi()
  if (stale.length > 0) change.hdel(keys.inputSchemas, ...stale)
  if (told.length > 0) change.hset(keys.inputSchemas, ...told)
  await change.exec()
}

/** What the workers take for the input of a task: one of each version that is there; none when nobody told. Cost: two reads. */
export async function readInputSchemas(client: Redis, keys: PoolKeys, task: string): Promise<InputSchema[]> {
  const fields = (await client.hkeys(keys.inputSchemas)).filter((field) => split(field)[0] === task)
  if (fields.length === 0) return []
  const texts = await client.hmget(keys.inputSchemas, ...fields)
  return fields.flatMap((field, index) => {
    const text = texts[index]
    return text ? [{ version: split(field)[1], schema: JSON.parse(text) as JsonSchema }] : []
  })
}

/** A task's name has no `@`; a version may have. */
function split(field: string): [task: string, version: string] {
  const at = field.indexOf('@')
  return [field.slice(0, at), field.slice(at + 1)]
}
