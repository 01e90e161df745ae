import { z } from 'zod'
import { WORKFLOW_SCHEMA } from './schema.ts'

/** The published JSON Schema (draft 2020-12) of workflow files, as the text of its file. */
export function workflowJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(WORKFLOW_SCHEMA, { io: 'input', target: 'draft-2020-12' }), undefined, 2)}\n`
}
