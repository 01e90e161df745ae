import { describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'

class Refused extends Error {}

describe('the error rules of a task', () => {
  it('may name a code, a class or its name, and a status', () => {
    const { errors } = defineTask(
      {
        name: 'a',
        errors: [
          { code: 'P2002', verdict: 'bury', severity: 'low' },
          { class: Refused, verdict: 'delay', delay: '30s' },
          { class: 'ZodError', status: '4xx', verdict: 'retry', as: 'SHAPE' },
        ],
      },
      () => null,
    )
    expect(errors).toEqual([
      { code: 'P2002', verdict: 'bury', severity: 'low' },
      { class: 'Refused', verdict: 'delay', delayMs: 30_000 },
      { class: 'ZodError', status: '4xx', verdict: 'retry', as: 'SHAPE' },
    ])
  })

  it.each([
    [{ verdict: 'bury' }, 'errors[0] fits nothing'],
    [{ code: '', verdict: 'bury' }, 'errors[0].code is ""'],
    [{ status: 200, verdict: 'bury' }, 'errors[0].status is 200'],
    [{ status: '3xx', verdict: 'bury' }, 'errors[0].status is "3xx"'],
    [{ code: 'A', verdict: 'forget' }, 'errors[0].verdict is "forget"; write one of retry, bury, delay'],
    [{ code: 'A' }, 'errors[0].verdict is undefined'],
    [{ code: 'A', verdict: 'delay', delay: 'soon' }, 'errors[0].delay is "soon"'],
    [{ code: 'A', verdict: 'bury', severity: 'urgent' }, 'errors[0].severity is "urgent"'],
    [{ code: 'A', verdict: 'bury', as: 'MILLRACE_X' }, 'errors[0].as is "MILLRACE_X"'],
    [{ code: 'A', verdict: 'bury', statsu: 1 }, '"statsu" is no field of a rule'],
    [null, 'errors[0] fits nothing'],
  ])('are refused when they cannot be meant: %j', (rule, problem) => {
    expect(() => defineTask({ name: 'a', errors: [rule as never] }, () => null)).toThrow(problem)
  })

  it('are a list', () => {
    expect(() => defineTask({ name: 'a', errors: {} as never }, () => null)).toThrow('errors is an object')
  })
})
