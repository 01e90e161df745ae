import { readFileSync } from 'node:fs'
import type { Argument, Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { createProgram } from '../../src/cli/program.ts'

/** Without the blanks that align its tables. */
const manual = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8').replaceAll(/ +\|/g, ' |')

/** The text under a heading, up to the next heading of the same level. */
const section = (heading: string) => manual.split(`\n${heading}\n`)[1]?.split(/\n##? /)[0] ?? ''

const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ` : '') + command.name()
const leaves = (command: Command): Command[] =>
  command.commands.length > 0 ? command.commands.flatMap(leaves) : [command]

const argumentText = (argument: Argument) => {
  const words = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${words}>` : `[${words}]`
}

const program = createProgram(async () => {})
const commands = leaves(program).map((command) => ({ path: pathOf(command), command }))

describe('docs/cli.md', () => {
  it.each(commands)('has a section for `$path` that names its arguments and options', ({ path, command }) => {
    const text = section(`## ${path}`)
    const usage = [path, ...command.registeredArguments.map(argumentText)].join(' ')
    expect(text).toContain(`\`${usage}\``)
    for (const { flags } of command.options) expect(text).toContain(`| \`${flags.replaceAll('|', '\\|')}\` |`)
  })

  it('has no section for a command that does not exist', () => {
    const described = [...manual.matchAll(/^## (millrace .*)$/gm)].map(([, path]) => path)
    expect(described.toSorted()).toEqual(commands.map(({ path }) => path).toSorted())
  })

  it('names the options that every command takes', () => {
    for (const { flags } of program.options) expect(section('## Every command')).toContain(`| \`${flags}\` |`)
  })

  it.each(Object.values(EXIT))('explains exit code %d', (code) => {
    expect(section('## Exit codes')).toContain(`| ${code} |`)
  })
})

describe('the help of every command', () => {
  it.each(commands)('`$path` has examples that begin with it', ({ path, command }) => {
    let help = ''
    command.configureOutput({
      writeOut: (text) => {
        help += text
      },
    })
    command.outputHelp()
    expect(help.split('Examples:\n')[1]).toContain(path)
  })
})
