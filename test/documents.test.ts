import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ERRORS, type ErrorCode, type KnownTasks, planWorkflow } from '@millrace/shared'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const files = (...patterns: string[]) =>
  globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })

describe('ARCHITECTURE.md', () => {
  it('names only paths that exist', () => {
    const named = [
      ...read('ARCHITECTURE.md').matchAll(/`((?:packages|examples|docs|scripts|test|chaos|bench)\/[^`\s]+)`/g),
    ]
    expect(named.length).toBeGreaterThan(0)
    expect(named.map((match) => match[1] as string).filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

describe('a link in a document', () => {
  it.each(files('*.md', 'docs/**/*.md', 'examples/**/*.md', 'bench/**/*.md'))(
    'of %s leads to something',
    (document) => {
      const links = [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string)
      const broken = links.filter((link) => !/^\w+:/.test(link) && !existsSync(join(ROOT, dirname(document), link)))
      expect(broken).toEqual([])
    },
  )
})

describe('docs/errors.md', () => {
  const sections = new Map(
    read('docs/errors.md')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  )
  const examples = [...sections].flatMap(([code, section]) =>
    [...section.matchAll(/```yaml\n(.*?)```/gs)].map((match) => [code as ErrorCode, match[1] as string] as const),
  )
  /** The pool that the examples suppose. Only those about tasks are held against it. */
  const tasks: KnownTasks = new Map([
    ['mail.send', { queue: 'mail', check: () => ['to: expected string, received number'] }],
  ])
  const aboutTasks: ErrorCode[] = ['MILLRACE_TASK_NOT_IN_POOL', 'MILLRACE_INPUT_REFUSED']

  it('has one section for every code, and no other', () => {
    expect([...sections.keys()].toSorted()).toEqual(Object.keys(ERRORS).toSorted())
  })

  it.each(examples)('shows a workflow that is refused with %s alone', async (code, workflow) => {
    const options = { strictDeadline: true, ...(aboutTasks.includes(code) && { tasks }) }
    const planning = await planWorkflow(workflow, options)
    expect(planning.ok ? [] : planning.issues.map((issue) => issue.code)).toEqual([code])
  })
})

describe('docs/failures.md', () => {
  it.each(files('chaos/scenarios/*.test.ts'))('has a row for %s', (scenario) => {
    expect(read('docs/failures.md')).toContain(`| \`${basename(scenario, '.test.ts')}\` |`)
  })
})

describe('docs/configuration.md', () => {
  it.each(files('packages/*/src/config.ts'))('has every setting that %s reads', (config) => {
    const code = read(config).replaceAll(/\/\*.*?\*\/|\/\/.*?$/gms, '')
    const settings = new Set(code.match(/\b(?:REDIS_URL|MILLRACE_[A-Z_]*[A-Z])\b/g))
    const codes = new Set<string>(Object.keys(ERRORS))
    const documented = read('docs/configuration.md')
    const absent = [...settings].filter((name) => !codes.has(name) && !documented.includes(`\`${name}\``))
    expect(absent).toEqual([])
  })
})

describe('the header of a Lua script', () => {
  const scripts = files('packages/*/src/**/*.lua').filter((file) => !/^-- Fragment: /.test(read(file)))

  it.each(scripts)('of %s lists the keys that the script takes', (file) => {
    const text = read(file)
    const header = text.split('\n').filter((line) => line.startsWith('--'))
    const body = text
      .split('\n')
      .filter((line) => !line.startsWith('--'))
      .join('\n')
    const listed = header.map((line) => /^-- KEYS\[(\d+)(?:\.\.(\d*))?\]/.exec(line)).filter((match) => match !== null)
    const has = (key: number) =>
      listed.some(([, from, to]) =>
        to === undefined ? Number(from) === key : key >= Number(from) && key <= Number(to || Infinity),
      )
    const taken = [...body.matchAll(/KEYS\[(\d+)\]/g)].map((match) => Number(match[1]))
    expect(listed.length).toBeGreaterThan(0)
    expect(taken.filter((key) => !has(key))).toEqual([])
  })
})
