import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import type { Json } from '../workflow/json.ts'
import { type JobData, jobId } from './job-data.ts'

/**
 * The outputs of a job's needs by job name; `null` for one that has none. The output of a `foreach` job is the array of
 * its items' outputs. Outputs stay with the job that made them: nothing is copied when a job is released.
 *
 * Cost: none when they came with the job; else one round trip. Another one for each need that is a `foreach`.
 */
export function readNeeds(
  client: Redis,
  keys: PoolKeys,
  data: JobData,
): Readonly<Record<string, Json>> | Promise<Record<string, Json>> {
  for (const _ in data.needs) return readAll(client, keys, data)
  return NONE
}

const NONE: Readonly<Record<string, Json>> = Object.freeze({})

async function readAll(client: Redis, keys: PoolKeys, data: JobData): Promise<Record<string, Json>> {
  const needs = Object.entries(data.needs)
  const found = data.outputs ?? (await readOutputs(client, keys, data.workflow, needs))
  const outputs: Record<string, Json> = {}
  for (const [name, queue] of needs) {
    const output = found[name] ?? null
    outputs[name] = isItems(output) ? await readItems(client, keys, data.workflow, name, queue, output.items) : output
  }
  return outputs
}

/** The spans that ended a job's needs, by name: for a traced job with which they did not come. Cost: one round trip. */
export async function readNeedSpans(client: Redis, keys: PoolKeys, data: JobData): Promise<Record<string, string>> {
  const needs = Object.entries(data.needs)
  const spans = await readFields(client, keys, data.workflow, needs, 'span')
  return Object.fromEntries(needs.flatMap(([name], index) => (spans[index] ? [[name, spans[index]]] : [])))
}

async function readOutputs(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  needs: readonly (readonly [name: string, queue: string])[],
): Promise<Readonly<Record<string, Json>>> {
  const values = await readFields(client, keys, workflow, needs)
  return Object.fromEntries(needs.map(([name], index) => [name, parse(values[index])]))
}

/** What a `foreach` job has for an output until somebody reads it: how many items there were. */
export const itemsOutput = (items: number): Json => ({ $millrace: 'items', items })

const isItems = (output: Json): output is { $millrace: 'items'; items: number } =>
  typeof output === 'object' && output !== null && '$millrace' in output && output['$millrace'] === 'items'

async function readItems(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  job: string,
  queue: string,
  items: number,
): Promise<Json[]> {
  const names = Array.from({ length: items }, (_, index) => [`${job}.${index}`, queue] as const)
  return (await readFields(client, keys, workflow, names)).map(parse)
}

async function readFields(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  jobs: readonly (readonly [name: string, queue: string])[],
  field = 'returnvalue',
): Promise<(string | null)[]> {
  const pipeline = client.pipeline()
  for (const [name, queue] of jobs) pipeline.hget(keys.job(queue, jobId(workflow, name)), field)
  const replies = (await pipeline.exec()) ?? []
  return replies.map(([error, value]) => {
    if (error) throw error
    return value as string | null
  })
}

const parse = (text: string | null | undefined): Json => (text ? (JSON.parse(text) as Json) : null)
