import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../packages/producer/src/cli/program.ts'
import { workerCommand } from '../../packages/worker/src/cli/options.ts'
import { ROOT, read } from '../containers/manifests.ts'

/** The words of a line, up to where the shell would send its output elsewhere. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? (bare as string))
  const end = words.findIndex((word) => ['#', '|', '>'].includes(word))
  return end < 0 ? words : words.slice(0, end)
}

const runbooks = globSync('docs/runbooks/*.md', { cwd: ROOT }).toSorted()
const commands = runbooks.flatMap((file) =>
  [...read(file).matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => /^millrace(?:-worker)? /.test(line))
    .map((line) => ({ file, line, words: wordsOf(line) })),
)

describe('a command of a runbook', () => {
  it.each(commands)('can be typed: $line ($file)', async ({ words: [program, ...args] }) => {
    const command = program === 'millrace' ? createProgram(async () => {}) : workerCommand(async () => {}, {})
    const quiet = { writeErr: () => {}, writeOut: () => {} }
    const all = [command, ...command.commands, ...command.commands.flatMap((one) => one.commands)]
    for (const one of all) one.exitOverride().configureOutput(quiet)
    await command.parseAsync(args, { from: 'user' })
  })

  it('is in every runbook', () => {
    expect(
      runbooks.filter((file) => !file.endsWith('README.md') && !commands.some((one) => one.file === file)),
    ).toEqual([])
  })
})
