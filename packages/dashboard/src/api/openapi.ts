import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { API } from './endpoints.ts'
import { failure } from './shapes.ts'
import { STREAMS } from './streams.ts'

type Schema = Readonly<Record<string, unknown>>
/** What a stream has in common with an endpoint, as far as the document goes. */
type Described = Pick<
  Endpoint,
  'method' | 'path' | 'tag' | 'summary' | 'role' | 'params' | 'query' | 'body' | 'refuses'
> & {
  readonly answer?: z.ZodType
  readonly created?: boolean
}

const FAILURES: Readonly<Record<number, string>> = {
  400: 'The request does not fit; `issues` has every problem',
  401: 'No token that is known',
  403: 'The role of the token is not enough',
  404: 'There is no such thing',
  409: 'The id belongs to another workflow',
  422: 'The workflow is refused; `issues` has every problem with its place',
  429: 'Too many requests: wait as long as `Retry-After` says',
  503: 'Redis does not answer',
}

/** The OpenAPI 3.1 document of the API, made of the very schemas that requests are checked against. */
export function openApi(endpoints: readonly Endpoint[]): Schema {
  const components: Record<string, unknown> = {}
  const paths: Record<string, Record<string, unknown>> = {}
  for (const one of [...endpoints, ...STREAMS] as readonly Described[]) {
    const path = API + one.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operation(one, components) }
  }
  components['Failure'] ??= schemaOf(failure, 'output', components)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: '1',
      description:
        'Submit workflows to a pool and look at it from outside. Times are ms since 1970, durations ms or texts such as `30s`.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: { schemas: components, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operation(one: Described, components: Record<string, unknown>): Schema {
  const schema = (of: z.ZodType, io: 'input' | 'output') => schemaOf(of, io, components)
  const answer = one.answer
    ? { content: { 'application/json': { schema: schema(one.answer, 'output') } } }
    : { content: { 'text/event-stream': { schema: { type: 'string' } } } }
  const statuses = [400, 401, 403, ...(one.refuses ?? []), 429, 503]
  return {
    operationId: operationId(one),
    tags: [one.tag],
    summary: one.summary,
    description: `Needs the role \`${one.role}\`.`,
    parameters: [...parameters('path', one.params, schema), ...parameters('query', one.query, schema)],
    ...(one.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schema(one.body, 'input') } } },
    }),
    responses: {
      200: { description: 'Done', ...answer },
      ...('status' in one && one.status ? { 201: { description: 'Created', ...answer } } : {}),
      ...Object.fromEntries(
        statuses.map((status) => [
          status,
          {
            description: FAILURES[status],
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
          },
        ]),
      ),
    },
  }
}

/** `getWorkflowsByIdJobsByJob` for `GET /workflows/:id/jobs/:job`. */
const operationId = ({ method, path }: Described): string =>
  method.toLowerCase() +
  path
    .split(/[/-]/)
    .filter(Boolean)
    .map((part) => (part.startsWith(':') ? `By${capital(part.slice(1))}` : capital(part)))
    .join('')

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function parameters(
  place: 'path' | 'query',
  given: z.ZodType | undefined,
  schema: (of: z.ZodType, io: 'input') => Schema,
) {
  if (!(given instanceof z.ZodObject)) return []
  return Object.entries(given.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const { description, ...rest } = schema(field, 'input') as { description?: string }
    const required = place === 'path' || !field.safeParse(undefined).success
    return { name, in: place, required, ...(description && { description }), schema: rest }
  })
}

/** What has an id of its own becomes a component, and is referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Record<string, unknown>): Schema {
  const {
    $schema: _,
    $defs = {},
    ...json
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>
  for (const [name, definition] of Object.entries($defs as Schema)) components[name] = moved(definition)
  const own = json['id']
  if (typeof own !== 'string') return moved(json) as Schema
  components[own] = moved(json)
  return { $ref: `#/components/schemas/${own}` }
}

/** References into the schema itself, as references into the document. */
function moved(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(moved)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => !(key === 'id' && typeof value === 'string'))
      .map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string'
          ? value.replace(/^#\/\$defs\//, '#/components/schemas/')
          : moved(value),
      ]),
  )
}
