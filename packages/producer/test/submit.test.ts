import { connectBroker, MillraceError, poolKeys } from '@millrace/shared'
import { brokerUrl, freshNamespace } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MALFORMED } from '../../shared/test/workflow/malformed.ts'
import { createProducer, type Producer } from '../src/index.ts'

const namespace = freshNamespace()
let producer: Producer
let redis: Awaited<ReturnType<typeof connectBroker>>
beforeAll(async () => {
  producer = await createProducer({ connection: brokerUrl(), namespace })
  redis = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(async () => {
  await producer.close()
  redis.disconnect()
})

/** Every key of this namespace: none must appear. */
const written = () => redis.keys(`${poolKeys(namespace).prefix}*`)

describe('a malformed workflow is refused with its code and line, and nothing is written', () => {
  // what a pool knows of its tasks is not an option of submit: those rows belong to planning alone
  it.each(MALFORMED.filter(({ options }) => options === undefined))('$title', async ({ source, issues }) => {
    const refusal = await producer.submit(source).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(MillraceError)
    const found = (refusal as MillraceError).issues
    expect(found.map(({ code, line }) => ({ code, line }))).toEqual(issues.map(({ code, line }) => ({ code, line })))
    expect(await written()).toEqual([])
  })

  it('and so is one under an id that cannot be part of a key', async () => {
    const workflow = { name: 'fine', jobs: { a: { task: 't' } } }
    for (const id of ['', 'a:b', 'a/b', 'ä', '-x', 'x'.repeat(129)]) {
      await expect(producer.submit(workflow, { id })).rejects.toMatchObject({ code: 'MILLRACE_WORKFLOW_NAME' })
    }
    expect(await written()).toEqual([])
  })

  it('there are at least sixty of them', () => {
    expect(MALFORMED.filter(({ options }) => options === undefined).length).toBeGreaterThanOrEqual(60)
  })
})
