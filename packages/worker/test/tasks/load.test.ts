import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadTasks } from '../../src/index.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const refusal = (folder: string) => loadTasks(folder).catch((error: Error) => error)

describe('a folder of tasks', () => {
  it('gives every task that a module exports, by default, by name or in a list, sub-folders included', async () => {
    const tasks = await loadTasks(fixture('folder'))
    expect(tasks.map(({ name }) => name)).toEqual([
      'by.default',
      'by.name.one',
      'by.name.two',
      'in.list.a',
      'in.list.b',
    ])
  })

  it('is refused with every module that cannot be loaded, each with its reason', async () => {
    const error = await refusal(fixture('broken'))
    expect(error).toMatchObject({ code: 'MILLRACE_TASKS_INVALID' })
    const { message } = error as Error
    expect(message).toMatch(/- broken-import\.ts: .*nowhere\.ts/)
    expect(message).toMatch(/- broken-task\.ts: MillraceError: Task "two words" cannot be used/)
    expect(message).toMatch(/- broken-throw\.mjs: just a text/)
    expect(message).toMatch(/- twin\.ts: the task "same" is also in fine\.ts; rename one/)
  })

  it.each([
    ['does not exist', fixture('folder/none'), /cannot be read \(ENOENT\)/],
    ['exports no task', fixture('empty'), /none of its 1 modules exports one/],
    ['is a file', fileURLToPath(import.meta.url), /cannot be read \(ENOTDIR\)/],
  ])('is refused when it %s', async (_, folder, message) => {
    expect(await refusal(folder)).toMatchObject({
      code: 'MILLRACE_TASKS_INVALID',
      message: expect.stringMatching(message),
    })
  })
})
