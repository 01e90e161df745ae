import type { Producer } from '@millrace/producer'
import type { Logger } from '@millrace/shared'
import type { z } from 'zod'
import type { Role } from '../auth/roles.ts'

/** What an endpoint may use. */
export interface Services {
  readonly producer: Producer
  readonly log: Logger
}

type Shape = z.ZodType
type Read<S extends Shape | undefined> = S extends Shape ? z.output<S> : undefined

/** One address of the API. What it takes and answers is said once, here; requests are checked against it, and the OpenAPI document is made of it. */
export interface Endpoint<
  Path extends Shape | undefined = Shape | undefined,
  Query extends Shape | undefined = Shape | undefined,
  Body extends Shape | undefined = Shape | undefined,
> {
  readonly method: 'GET' | 'POST'
  /** Below `/api/v1`, with parameters as `:name`. */
  readonly path: string
  /** The group it stands in, in the document. */
  readonly tag: string
  readonly summary: string
  readonly role: Role
  readonly params?: Path
  readonly query?: Query
  readonly body?: Body
  readonly answer: Shape
  /** Codes with which it refuses, besides those of every endpoint. */
  readonly refuses?: readonly number[]
  /** The status of an answer. Default 200. */
  status?(answer: never): number
  handle(asked: { params: Read<Path>; query: Read<Query>; body: Read<Body> }, services: Services): Promise<unknown>
}

/** Gives the endpoint back, with the types of what it takes. */
export const endpoint = <
  Path extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
  Body extends Shape | undefined = undefined,
>(
  one: Endpoint<Path, Query, Body>,
): Endpoint => one as unknown as Endpoint
