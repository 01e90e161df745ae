import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { workflowJsonSchema } from '../../../src/index.ts'

const published = readFileSync(new URL('../../../schema/workflow.schema.json', import.meta.url), 'utf8')

interface Schema {
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

describe('the published JSON Schema', () => {
  it('is up to date; if not: `pnpm --filter @millrace/shared schema`', async () => {
    expect(published).toBe(await workflowJsonSchema())
  })

  it('explains every field to editors', async () => {
    const unexplained: string[] = []
    const visit = (schema: Schema, path: string) => {
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        if (!field.title || !field.description) unexplained.push(`${path}${name}`)
        visit(field, `${path}${name}.`)
      }
      for (const inner of [schema.additionalProperties, schema.items, ...(schema.anyOf ?? [])])
        if (inner) visit(inner, path)
    }
    visit(JSON.parse(await workflowJsonSchema()), '')
    expect(unexplained).toEqual([])
  })
})
