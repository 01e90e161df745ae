import type { RpcMessage } from './rpc.ts'

/** What a worker tells the process of an isolated task. */
export type ToChild =
  | RpcMessage
  | { readonly kind: 'load'; readonly file: string; readonly task: string; readonly parent: number }
  | { readonly kind: 'run'; readonly input: unknown; readonly ctx: unknown }
  | { readonly kind: 'ping' }

/** What that process tells its worker. */
export type ToWorker =
  | RpcMessage
  /** The modules are loaded; the handler runs from now on. */
  | { readonly kind: 'began' }
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'pong'; readonly rssBytes: number }
