/** What one process tells the other about a function or an object of its own. */
export type RpcMessage =
  | {
      readonly kind: 'call'
      readonly call: number
      readonly id: number
      readonly path: string[]
      readonly args: unknown
    }
  | { readonly kind: 'answer'; readonly call: number; readonly ok: boolean; readonly value: unknown }
  | { readonly kind: 'aborted'; readonly id: number; readonly reason: unknown }

/**
 * Lets two processes use each other's functions. Plain data is copied; a function, and an object that is not plain data,
 * stays where it is, and the other process gets something that calls it; a signal is aborted there when it is here. Everything called that way gives a promise, whose
 * members can be called before it has settled: `ctx.resource('x').execute(fn)` works as it does in one process.
 */
export interface Rpc {
  /** As it may be sent. */
  encode(value: unknown): unknown
  decode(value: unknown): unknown
  receive(message: RpcMessage): void
  /** Whoever waits for an answer hears that there will be none. */
  end(reason: Error): void
}

const MARK = '$millrace'
type Marked =
  | { readonly [MARK]: 'remote'; readonly id: number }
  | { readonly [MARK]: 'signal'; readonly id: number; readonly aborted: boolean; readonly reason: unknown }
  | { readonly [MARK]: 'error'; readonly error: WireError }
  /** An error that came from the process that it goes to. */
  | { readonly [MARK]: 'return'; readonly id: number }

interface WireError {
  readonly id: number
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly more: unknown
}

type Callable = (...args: unknown[]) => unknown

export function createRpc(send: (message: RpcMessage) => void): Rpc {
  const kept = new Map<number, unknown>()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  /** Errors that came from the other side, and their ids there. */
  const foreign = new WeakMap<Error, number>()
  /** Signals of the other side. */
  const controllers = new Map<number, AbortController>()
  let lastId = 0

  function keep(value: unknown): number {
    kept.set(++lastId, value)
    return lastId
  }

  function encode(value: unknown, copies = new Map<object, unknown>(), owner?: object): unknown {
    if (typeof value === 'function') return { [MARK]: 'remote', id: keep(owner ? value.bind(owner) : value) }
    if (typeof value !== 'object' || value === null || isCloneable(value)) {
      return typeof value === 'symbol' ? undefined : value
    }
    const known = copies.get(value)
    if (known !== undefined) return known
    if (value instanceof Error) return encodeError(value)
    if (value instanceof AbortSignal) return encodeSignal(value)
    if (Array.isArray(value)) {
      const copy: unknown[] = []
      copies.set(value, copy)
      for (const item of value) copy.push(encode(item, copies))
      return copy
    }
    if (!isPlain(value)) return { [MARK]: 'remote', id: keep(value) }
    const copy: Record<string, unknown> = {}
    copies.set(value, copy)
    for (const [key, item] of Object.entries(value)) copy[key] = encode(item, copies, value)
    return copy
  }

  function encodeError(error: Error): unknown {
    const id = foreign.get(error)
    if (id !== undefined) return { [MARK]: 'return', id }
    const { name, message, stack, ...more } = error
    const cause = error.cause === undefined ? {} : { cause: error.cause }
    const wire = { id: keep(error), name: error.name, message: error.message, stack: error.stack }
    return { [MARK]: 'error', error: { ...wire, more: encode({ ...more, ...cause }) } }
  }

  function encodeSignal(signal: AbortSignal): unknown {
    const id = keep(signal)
    const { aborted, reason } = signal
    const abort = () => send({ kind: 'aborted', id, reason: encode(signal.reason) })
    if (!aborted) signal.addEventListener('abort', abort, { once: true })
    return { [MARK]: 'signal', id, aborted, reason: encode(reason) }
  }

  function decode(value: unknown, copies = new Map<object, unknown>()): unknown {
    if (typeof value !== 'object' || value === null || isCloneable(value)) return value
    if (MARK in value) return decodeMarked(value as Marked)
    const known = copies.get(value)
    if (known !== undefined) return known
    const copy: object = Array.isArray(value) ? [] : {}
    copies.set(value, copy)
    for (const [key, item] of Object.entries(value)) {
      // not by assignment: `__proto__` is a key like any other
      const property = { value: decode(item, copies), enumerable: true, writable: true, configurable: true }
      Object.defineProperty(copy, key, property)
    }
    return copy
  }

  function decodeMarked(marked: Marked): unknown {
    if (marked[MARK] === 'remote') return remote(marked.id)
    if (marked[MARK] === 'return') return kept.get(marked.id)
    if (marked[MARK] === 'signal') {
      const controller = new AbortController()
      controllers.set(marked.id, controller)
      if (marked.aborted) controller.abort(decode(marked.reason))
      return controller.signal
    }
    const { id, name, message, stack, more } = marked.error
    const error = Object.assign(new Error(message), decode(more))
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
    if (stack !== undefined) error.stack = stack
    foreign.set(error, id)
    return error
  }

  /** Something of the other process: its members are reached by their names, and only a call sends anything. */
  function remote(id: number, path: string[] = []): unknown {
    return new Proxy(() => {}, {
      // without `then`, for it is no promise and may be awaited
      get: (_, key) => (typeof key === 'symbol' || key === 'then' ? undefined : remote(id, [...path, key])),
      apply: (_, __, args) => {
        const call = ++lastId
        const answer = new Promise((resolve, reject) => waiting.set(call, { resolve, reject }))
        send({ kind: 'call', call, id, path, args: encode(args) })
        return pending(answer)
      },
    })
  }

  async function answer({ call, id, path, args }: Extract<RpcMessage, { kind: 'call' }>): Promise<void> {
    try {
      let owner: unknown
      let target: unknown = kept.get(id)
      for (const key of path) {
        owner = target
        target = (target as Record<string, unknown>)[key]
      }
      const value = await (target as Callable).apply(owner, decode(args) as unknown[])
      send({ kind: 'answer', call, ok: true, value: encode(value) })
    } catch (error) {
      send({ kind: 'answer', call, ok: false, value: encode(error) })
    }
  }

  return {
    encode: (value) => encode(value),
    decode: (value) => decode(value),
    receive(message) {
      if (message.kind === 'call') {
        void answer(message)
        return
      }
      if (message.kind === 'aborted') {
        controllers.get(message.id)?.abort(decode(message.reason))
        return
      }
      const waits = waiting.get(message.call)
      waiting.delete(message.call)
      const value = decode(message.value)
      if (message.ok) waits?.resolve(value)
      else waits?.reject(value as Error)
    },
    end(reason) {
      for (const { reject } of waiting.values()) reject(reason)
      waiting.clear()
    },
  }
}

/** A promise whose members can be used before it has settled. */
function pending(promise: Promise<unknown>): unknown {
  promise.catch(() => {}) // a call that nobody waits for, such as a log line, may fail without ending the process
  return new Proxy(() => {}, {
    get(_, key) {
      if (typeof key === 'symbol') return undefined
      if (key === 'then' || key === 'catch' || key === 'finally') return promise[key].bind(promise)
      return pending(promise.then((value) => (value as Record<string, unknown>)[key]))
    },
    apply: (_, __, args) => pending(promise.then((value) => (value as Callable)(...args))),
  })
}

const CLONEABLE = [Date, Map, Set, RegExp, ArrayBuffer, Boolean, Number, String]

const isCloneable = (value: object): boolean =>
  ArrayBuffer.isView(value) || CLONEABLE.some((kind) => value instanceof kind)

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
