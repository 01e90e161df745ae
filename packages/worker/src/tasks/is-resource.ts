import type { Resource } from '@millrace/shared'

/** True for what `defineResource` gives; by its shape, as `isTask` does. */
export function isResource(value: unknown): value is Resource {
  if (typeof value !== 'object' || value === null) return false
  const resource = value as Partial<Record<keyof Resource, unknown>>
  return resource.kind === 'resource' && typeof resource.name === 'string' && typeof resource.retry === 'object'
}
