import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))

export interface Ended {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

interface Circumstances {
  readonly env?: Record<string, string>
  readonly stdin?: string
  readonly cwd?: string
}

/** Starts the real command as a shell would, with no environment but the one given; stdin, stdout and stderr are pipes. */
export function start(args: readonly string[], { env = {}, stdin = '', cwd }: Circumstances = {}) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH, TZ: 'UTC', ...env }, ...(cwd && { cwd }) })
  child.stdin.end(stdin)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (exit) => resolve({ exit, out, err })))
  return { child, ended, seen: () => ({ out, err }) }
}

export const millrace = (args: readonly string[], circumstances?: Circumstances): Promise<Ended> =>
  start(args, circumstances).ended
