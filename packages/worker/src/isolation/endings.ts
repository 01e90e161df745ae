import { MillraceError, type Task } from '@millrace/shared'

type Named = Pick<Task, 'name' | 'memoryBytes'>

export const outOfMemory = ({ name, memoryBytes }: Named, how: string) => {
  const declared = memoryBytes === undefined ? 'declares none' : `declares ${Math.round(memoryBytes / 1024 / 1024)} MiB`
  return new MillraceError(
    'MILLRACE_ISOLATE_MEMORY',
    `The process of the task "${name}" ran out of memory: ${how}; the task ${declared}. Declare more, or use less.`,
  )
}

export const blocked = ({ name }: Named, ms: number) =>
  new MillraceError(
    'MILLRACE_ISOLATE_BLOCKED',
    `The handler of the task "${name}" kept its event loop busy for more than ${ms} ms and was ended. Work in pieces, or allow more: isolate: { blockedAfter: '1m' }.`,
  )

export function ended({ name }: Named, how: string, said: string): MillraceError {
  const line = /^\s*\w*Error\b.*$/m.exec(said)?.[0]?.trim()
  const last = line ? ` It said: ${line.slice(0, 300)}` : ''
  return new MillraceError(
    'MILLRACE_ISOLATE_EXITED',
    `The process of the task "${name}" ${how} before its handler had ended.${last}`,
  )
}
