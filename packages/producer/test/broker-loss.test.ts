import { describe, expect, it } from 'vitest'
import { tellBrokerLoss } from '../src/broker-loss.ts'

const errors = (fails: () => Error) => ({
  read: async () => {
    throw fails()
  },
  watch: async function* () {
    yield 1
    throw fails()
  },
  deep: {
    write: async () => {
      throw fails()
    },
  },
})
const all = async (api: ReturnType<typeof errors>) => {
  const seen: unknown[] = []
  const code = (error: Error & { code?: string }) => error.code ?? error.message
  for (const call of [api.read, api.deep.write]) seen.push(await call().catch(code))
  try {
    for await (const value of api.watch()) seen.push(value)
  } catch (error) {
    seen.push(code(error as Error))
  }
  return seen
}

describe('a producer whose Redis is lost on the way', () => {
  it.each([
    ['refuses connections', () => Object.assign(new Error('no'), { name: 'MaxRetriesPerRequestError' })],
    ['does not answer', () => new Error('Command timed out')],
    ['was closed', () => new Error('Connection is closed.')],
    ['resets', () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ])('says so by its code: %s', async (_, fails) => {
    const code = 'MILLRACE_BROKER_UNREACHABLE'
    expect(await all(tellBrokerLoss(errors(fails)))).toEqual([code, code, 1, code])
  })

  it('leaves every other error as it is', async () => {
    expect(await all(tellBrokerLoss(errors(() => new Error('bad'))))).toEqual(['bad', 'bad', 1, 'bad'])
  })
})
