import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
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

const files = new Map<string, string>()

/** The file of one of our scripts by its SHA-1, as Redis shows it in its slow log: `finish.lua`. */
export const scriptFile = (sha: string): string | undefined => files.get(sha)

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
  files.set(sha, basename(file.pathname))
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

/** As {@link readScript}, for a script that gives a text of any bytes, such as what cmsgpack packs. */
export function readBinaryScript(file: URL): Script<Buffer> {
  const lua = assemble(file)
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (client, keys, args) => {
    try {
      return (await client.callBuffer('evalsha', sha, keys.length, ...keys, ...args)) as Buffer
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw brief(error)
    }
    try {
      return (await client.callBuffer('eval', lua, keys.length, ...keys, ...args)) as Buffer
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
      return asFunction(name, shippedScript(script).content)
    })
}

/** A function at the top level of a script, as BullMQ's are written: nothing inside it stands in the first column. */
const LOCAL_FUNCTION = /^local (?:function \w+|\w+ = function) ?\([\s\S]*?^end$/gm

/**
 * Turns a script into a function. What it declares for itself is made once per call of our script and not once per job:
 * with thirty functions that is a third of the script's time.
 */
function asFunction(name: string, content: string): string {
  const own = content.match(LOCAL_FUNCTION) ?? []
  const body = content.replace(LOCAL_FUNCTION, '').replace(/--\[\[[\s\S]*?\]\]/g, '')
  const lastOwn = content.lastIndexOf(own.at(-1) ?? content)
  const between = content
    .slice(0, lastOwn)
    .replace(LOCAL_FUNCTION, '')
    .replace(/--\[\[[\s\S]*?\]\]|--.*$/gm, '')
  // functions that use what the script computed before them cannot be moved away from it
  if (between.replace('local rcall = redis.call', '').trim() !== '') {
    return `local function ${name}(KEYS, ARGV)\n${content}\nend`
  }
  return `local ${name}\ndo\nlocal rcall = redis.call\n${own.join('\n')}\n${name} = function(KEYS, ARGV)\n${body}\nend\nend`
}
