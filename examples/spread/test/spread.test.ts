import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { createProducer, type Producer } from '@millrace/producer'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { createWorker, loadTasks } from '@millrace/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const FOLDER = resolve(import.meta.dirname, '..')
const namespace = freshNamespace()
let producer: Producer
let worker: Awaited<ReturnType<typeof createWorker>>
beforeAll(async () => {
  const tasks = await loadTasks(resolve(FOLDER, 'tasks'))
  worker = await createWorker({ tasks, connection: brokerUrl(), namespace })
  producer = await createProducer({ connection: brokerUrl(), namespace })
})
afterAll(async () => {
  await worker.close()
  await producer.close()
})

describe('the workflow spread', () => {
  it('tells which host did how many parts', async () => {
    const workflow = readFileSync(resolve(FOLDER, 'spread.yaml'), 'utf8')
    const { id } = await producer.submit(workflow, { inputs: { parts: 12, ms: 1 } })
    const seen = await Array.fromAsync(producer.watch(id))
    expect(seen.flatMap((event) => (event.kind === 'chunk' ? [event.chunk] : []))).toEqual([
      `${hostname()} did 12 of 12 parts`,
    ])
    const jobs = (await producer.get(id))?.jobs
    expect(jobs).toMatchObject({ succeeded: 15 })
  })
})
