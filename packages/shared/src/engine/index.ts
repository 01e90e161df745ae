/**
 * What only processes that run jobs need of the engine: `@millrace/shared/engine`. It loads BullMQ, for which a command that
 * looks at the pool need not wait.
 */
export { type EngineOptions, engineBackend } from './backend.ts'
export { proveEngine } from './prove.ts'
