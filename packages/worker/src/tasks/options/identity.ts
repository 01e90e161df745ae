import { type Problems, show } from './problems.ts'
import type { OptionReader } from './reader.ts'

export const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/

/** What the task is called, what it is for, and where its jobs queue. */
export const identity: OptionReader<'name' | 'description' | 'queue'> = {
  fields: ['name', 'description', 'queue'],
  read({ name, description = '', queue = 'default' }, problems) {
    requireName('name', name, problems)
    requireName('queue', queue, problems)
    return { name, description, queue }
  },
}

function requireName(field: string, value: unknown, problems: Problems): void {
  problems.check(
    typeof value === 'string' && NAME.test(value),
    () => `${field} is ${show(value)}; begin with a letter or "_", go on with letters, digits, "_", "." or "-"`,
  )
}
