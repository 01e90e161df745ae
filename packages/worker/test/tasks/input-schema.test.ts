import { readInputSchemas } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/index.ts'
import { inputSchemaOf } from '../../src/tasks/input-schema.ts'
import { openRoom } from '../room.ts'

const of = (input: z.ZodType) => inputSchemaOf({ input } as Parameters<typeof inputSchemaOf>[0])

describe('what a task takes, as JSON Schema', () => {
  it('is told by a schema of zod', () => {
    expect(of(z.object({ to: z.string(), copies: z.int().default(1) }))).toMatchObject({
      type: 'object',
      properties: { to: { type: 'string' }, copies: { type: 'integer' } },
      required: ['to'],
    })
  })

  it('leaves open what is coerced, transformed before it is checked, or not JSON', () => {
    const { properties } = of(
      z.object({
        count: z.coerce.number(),
        cut: z.preprocess((value) => String(value), z.string()),
        caught: z.string().catch(''),
        at: z.date(),
        even: z.number().refine((n) => n % 2 === 0),
      }),
    ) as { properties: object }
    expect(properties).toEqual({ count: {}, cut: {}, caught: {}, at: {}, even: { type: 'number' } })
  })

  it('is anything for a task without a schema, and unknown where the library cannot say', () => {
    expect(inputSchemaOf({ input: undefined })).toBe(true)
    const other = { '~standard': { version: 1, vendor: 'other', validate: (value: unknown) => ({ value }) } } as const
    expect(inputSchemaOf({ input: other })).toBeUndefined()
    const broken = {
      jsonSchema: {
        input: () => {
          throw new Error('no')
        },
        output: () => ({}),
      },
    }
    expect(inputSchemaOf({ input: { '~standard': { ...other['~standard'], ...broken } } })).toBeUndefined()
  })

  it('is told to the pool by every worker when it starts', async () => {
    const room = await openRoom()
    try {
      const mail = defineTask({ name: 'mail', input: z.object({ to: z.string() }) }, () => null)
      await room.start([mail], { version: '7' })
      expect(await readInputSchemas(room.client, room.keys, 'mail')).toMatchObject([
        { version: '7', schema: { properties: { to: { type: 'string' } } } },
      ])
    } finally {
      await room.close()
    }
  })
})
