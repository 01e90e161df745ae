import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The full name of a server of the real machine. */
export function realServer(): string {
  for (const name of ['redis-server', 'valkey-server']) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim()
    if (found) return found
  }
  throw new Error('these tests need redis-server or valkey-server on the PATH')
}
