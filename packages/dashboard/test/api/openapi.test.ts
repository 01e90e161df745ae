import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../src/api/endpoints.ts'
import { openApi } from '../../src/api/openapi.ts'
import { STREAMS } from '../../src/api/streams.ts'

interface Operation {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, object>>
}

const document = openApi(ENDPOINTS) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object }
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

describe('the OpenAPI document', () => {
  it('has every endpoint and stream once, each under a name of its own', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(operations).toHaveLength(ENDPOINTS.length + STREAMS.length)
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refers only to what it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    )
    expect(references.length).toBeGreaterThan(100)
    expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name as string))).toEqual([])
    expect(JSON.stringify(document)).not.toContain('$defs')
  })

  it.each(operations)('describes the parameters of $method $path', ({ path, operation }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
    for (const status of ['200', '401', '403', '429']) expect(operation.responses).toHaveProperty(status)
  })

  it('says what may be left out', () => {
    const list = document.paths['/api/v1/workflows']?.['get'] as Operation
    expect(list.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['state', false],
      ['name', false],
      ['limit', false],
    ])
    expect(document.paths['/api/v1/workflows']?.['post']?.responses).toHaveProperty('201')
  })
})

describe('docs/api.md', () => {
  const manual = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
  const rows = [...manual.matchAll(/^\| `(GET|POST) (\/\S+)` \| .* \| (\w+) \|$/gm)].map(([, ...row]) => row.join(' '))

  it('has every address with the role it needs, and no other', () => {
    const all = [...ENDPOINTS, ...STREAMS].map(({ method, path, role }) => `${method} ${path} ${role}`)
    expect(rows.toSorted()).toEqual(all.toSorted())
  })
})
