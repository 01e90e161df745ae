import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Redis } from 'ioredis'

type Argument = string | number | Buffer

/** Runs one Lua script: keys first, then arguments. */
export type Script<Reply> = (client: Redis, keys: readonly string[], args: readonly Argument[]) => Promise<Reply>

interface ShippedScript {
  readonly name: string
  readonly content: string
  readonly keys: number
}

const shipped = createRequire(import.meta.url)('bullmq/dist/cjs/scripts/index.js') as Record<string, ShippedScript>

/** A script that BullMQ ships: its text and how many keys it declares. */
export function shippedScript(name: string): ShippedScript {
  const script = shipped[name]
  if (!script) throw new Error(`bullmq ships no script named ${name}`)
  return script
}

/**
 * Reads a Lua file and gives the function that runs it.
 *
 * Two kinds of line are replaced by text: `--@include <file>` by a fragment that lies beside it, and
 * `--@bullmq <function> <script>` by a Lua function `<function>(KEYS, ARGV)` whose body is the script that BullMQ ships.
 * So its scripts are used as they are, and can be called in a loop.
 */
export function readScript<Reply>(file: URL): Script<Reply> {
  const lua = assemble(file)
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (client, keys, args) => {
    try {
      return (await client.evalsha(sha, keys.length, ...keys, ...args)) as Reply
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw brief(error)
    }
    try {
      // first use on this server, or after its restart
      return (await client.eval(lua, keys.length, ...keys, ...args)) as Reply
    } catch (error) {
      throw brief(error)
    }
  }
}

/** ioredis hangs the command with all its arguments on an error: a whole script and payloads, which belong in no log. */
function brief(error: unknown): unknown {
  if (error instanceof Error && 'command' in error) delete error.command
  return error
}

function assemble(file: URL): string {
  return readFileSync(file, 'utf8')
    .replace(/^--@include (\S+)$/gm, (_, name: string) => assemble(new URL(name, file)))
    .replace(/^--@bullmq (\w+) (\w+)$/gm, (_, name: string, script: string) => {
      return `local function ${name}(KEYS, ARGV)\n${shippedScript(script).content}\nend`
    })
}
