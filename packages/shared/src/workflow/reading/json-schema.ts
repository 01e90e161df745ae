/** The published JSON Schema (draft 2020-12) of workflow files, as the text of its file. */
export async function workflowJsonSchema(): Promise<string> {
  const [{ z }, { WORKFLOW_SCHEMA }] = await Promise.all([import('zod'), import('./schema.ts')])
  return `${JSON.stringify(z.toJSONSchema(WORKFLOW_SCHEMA, { io: 'input', target: 'draft-2020-12' }), undefined, 2)}\n`
}
