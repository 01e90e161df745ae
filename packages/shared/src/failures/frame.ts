import { fileURLToPath } from 'node:url'

/** Folder of this package and its siblings: in an installation the scope's own, in a clone `packages/`. */
const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url))
const OURS = ['shared', 'worker', 'producer'].flatMap((name) => [`${PACKAGES}${name}/src/`, `${PACKAGES}${name}/dist/`])

const FRAME = /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?([^()]+?)(?::\d+)?(?::\d+)?\)?$/

/**
 * Where a failure comes from: the first frame of a V8 stack that lies in the user's own code, as `function@folder/file`.
 * Without line and column, which every deployment moves, and without the folders above, which differ between machines.
 * Empty when no frame is the user's.
 */
export function topFrame(stack: string): string {
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line)
    if (!match) continue
    const [, name = '', file = ''] = match
    if (isTheirs(file)) return `${plainName(name)}@${tail(file)}`
  }
  return ''
}

const isTheirs = (file: string) =>
  /[\\/]/.test(file) && !/^node:|[\\/]node_modules[\\/]/.test(file) && !OURS.some((folder) => file.startsWith(folder))

/** `Object.<anonymous>` and `async Promise.all (index 3)` say nothing; `new` and aliases are kept out. */
const plainName = (name: string) =>
  name.replace(/ \[as [^\]]*\]$/, '').replace(/^(?:new |Object\.|async )+/, '') || '<anonymous>'

const tail = (file: string) => file.replace(/\?.*$/, '').split(/[\\/]/).slice(-2).join('/')
