import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A machine as a script sees it: its PATH leads to one folder, which has only the programs that are put there. */
export function emptyMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-machine-'))
  return {
    env: { PATH: folder },
    /** Puts a shell script there, which may call real programs by their full names. */
    put(name: string, script: string): void {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, name), 0o755)
    },
    /** What a script has written there. */
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The full name of a server of the real machine; `undefined` when it has none, and tests use another machine's. */
export const realServer: string | undefined = ['redis-server', 'valkey-server']
  .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((file) => existsSync(file))
