import { workflowJsonSchema } from '../src/workflow/reading/json-schema.ts'

process.stdout.write(await workflowJsonSchema())
