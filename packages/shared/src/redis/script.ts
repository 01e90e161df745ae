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

let shipped: Readonly<Record<string, ShippedScript>> | undefined

/** A script that BullMQ ships: its text and how many keys it declares. */
export function shippedScript(name: string): ShippedScript {
  shipped ??= createRequire(import.meta.url)('bullmq/dist/cjs/scripts/index.js') as Record<string, ShippedScript>
  const script = shipped[name]
  if (!script) throw new Error(`bullmq ships no script named ${name}`)
  return script
}

interface Text {
  readonly lua: string
  readonly sha: string
}

/** Scripts by the name of their file. */
const texts = new Map<string, () => Text>()

/** The file of one of our scripts by its SHA-1, as Redis shows it in its slow log: `finish.lua`. */
export const scriptFile = (sha: string): string | undefined => [...texts].find(([, text]) => text().sha === sha)?.[0]

/**
 * Gives the function that runs a Lua file. The file is read at the first call: a command of the CLI runs one or two of them.
 *
 * Two kinds of line are replaced by text: `--@include <file>` by a fragment that lies beside it, and
 * `--@bullmq <function> <script>` by a Lua function `<function>(KEYS, ARGV)` whose body is the script that BullMQ ships.
 * So its scripts are used as they are, and can be called in a loop.
 */
export function readScript<Reply>(file: URL): Script<Reply> {
  const text = textOf(file)
  return async (client, keys, args) => {
    const { lua, sha } = text()
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
  const text = textOf(file)
  return async (client, keys, args) => {
    const { lua, sha } = text()
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

function textOf(file: URL): () => Text {
  let text: Text | undefined
  const read = () => {
    if (text) return text
    const lua = assemble(file)
    text = { lua, sha: createHash('sha1').update(lua).digest('hex') }
    return text
  }
  texts.set(basename(file.pathname), read)
  return read
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
