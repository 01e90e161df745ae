import { readFileSync } from 'node:fs'

/** The version of a package, by the address of a module that lies one folder below its package.json. */
export function packageVersion(module: string): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', module), 'utf8')) as { version: string }
  return version
}
