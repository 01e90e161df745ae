import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { millrace } from './millrace.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const good = file('good.yaml', 'name: good\njobs:\n  a: { task: work }\n  b: { task: work, needs: a }\n')
const bad = file('bad.yaml', 'name: bad\njobs:\n  a: { task: work }\n  b: { task: work, needs: aa, prioritee: low }\n')

/** Port 1 is reserved and never listens. */
const NOWHERE = 'redis://:secret@127.0.0.1:1'

describe('wrong use of millrace', () => {
  it.each([
    [['lst'], "unknown command 'lst'", 'Did you mean list?'],
    [['dlq', 'lst'], "unknown command 'lst'", 'Did you mean list?'],
    [['list', '--sttae', 'failed'], "unknown option '--sttae'", 'Did you mean --state?'],
    [['list', '--state', 'bad'], 'Allowed choices are loading, running', '--help'],
    [['list', '--limit', '0'], 'Expected a whole number from 1', '--help'],
    [['status'], "missing required argument 'id'", '--help'],
    [['status', 'a', 'b'], 'too many arguments', '--help'],
    [['enqueue', 'x.yaml', '--delay', '5'], 'Expected a number with a unit', '--help'],
    [['enqueue', 'x.yaml', '--set', 'day'], 'Expected name=value', '--help'],
    [['enqueue', 'missing.yaml'], 'missing.yaml cannot be read', 'there is no such file'],
    [['enqueue', folder], 'cannot be read', 'it is a folder'],
    [['dlq', 'replay'], 'Expected ids, or filters', 'received none of them'],
    [['dlq', 'replay', 'a', '--all'], 'Expected ids, or filters', 'received several of them'],
    [['list', '--namespace', 'my pool'], '1 to 64 letters', 'my pool'],
    [[], 'Usage: millrace', 'Examples:'],
  ])('%j ends with 2 and says what to do', async (args, ...words) => {
    const { exit, out, err } = await millrace(args)
    expect(exit).toBe(2)
    expect(out).toBe('')
    for (const word of words) expect(err).toContain(word)
  })

  it('is data with --json, too', async () => {
    const { exit, out, err } = await millrace(['lst', '--json'])
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toEqual({
      error: { code: 'MILLRACE_USAGE', message: "unknown command 'lst'\n(Did you mean list?)", issues: [] },
    })
    expect(err).toContain('unknown command')
  })

  it('of an address does not repeat its password', async () => {
    const { exit, err } = await millrace(['list', '--redis', 'http://user:secret@host'])
    expect(exit).toBe(2)
    expect(err).toContain('--redis: expected redis://')
    expect(err).not.toContain('secret')
  })

  it('in the environment is reported at once, all of it', async () => {
    const { exit, err } = await millrace(['list'], { env: { REDIS_URL: 'here', MILLRACE_NAMSPACE: 'x' } })
    expect(exit).toBe(2)
    expect(err).toContain('REDIS_URL: expected')
    expect(err).toContain('Did you mean "MILLRACE_NAMESPACE"?')
  })
})

describe('help', () => {
  it('is data: it goes to stdout and ends with 0', async () => {
    const { exit, out, err } = await millrace(['dlq', 'replay', '--help'])
    expect(exit).toBe(0)
    expect(out).toContain('Examples:\n  $ millrace dlq replay')
    expect(out).toContain('--redis <url>')
    expect(err).toBe('')
  })

  it('of --version is the version of the package', async () => {
    const { exit, out } = await millrace(['--version'])
    expect(exit).toBe(0)
    expect(out).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('millrace validate', () => {
  it('accepts a good workflow without any broker', async () => {
    const { exit, out } = await millrace(['validate', good], { env: { REDIS_URL: NOWHERE } })
    expect(exit).toBe(0)
    expect(out).toBe('valid  good, 2 jobs\n')
  })

  it('reads stdin', async () => {
    const { exit, out } = await millrace(['validate', '-', '--json'], {
      stdin: '{"name":"x","jobs":{"a":{"task":"t"}}}',
    })
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toEqual({ file: 'stdin', valid: true, name: 'x', jobs: 1, issues: [] })
  })

  it('shows every problem where it is, and ends with 2', async () => {
    const { exit, out } = await millrace(['validate', bad])
    expect(exit).toBe(2)
    expect(out).toContain(`${bad}:4:27  MILLRACE_NEED_UNKNOWN  `)
    expect(out).toContain(
      '    4 |   b: { task: work, needs: aa, prioritee: low }\n      |                           ^\n',
    )
    expect(out).toContain('MILLRACE_WORKFLOW_FIELD_UNKNOWN')
    expect(out).toContain(`2 problems in ${bad}\n`)
  })

  it('gives the problems as data with --json', async () => {
    const { exit, out } = await millrace(['validate', bad, '--json'])
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      issues: [
        { code: 'MILLRACE_NEED_UNKNOWN', line: 4, column: 27 },
        { code: 'MILLRACE_WORKFLOW_FIELD_UNKNOWN', line: 4 },
      ],
    })
  })
})

describe('millrace graph', () => {
  it.each([
    ['mermaid', /^(?:flowchart|graph) /m],
    ['dot', /^digraph /m],
  ])('draws a file as %s', async (format, beginning) => {
    const { exit, out } = await millrace(['graph', good, '--format', format])
    expect(exit).toBe(0)
    expect(out).toMatch(beginning)
  })

  it('marks the critical path and says how long it takes', async () => {
    const stdin = `name: x
jobs:
  quick: { task: t, estimate: 1m }
  slow: { task: t, estimate: 4m }
  last: { task: t, estimate: 30s, needs: [quick, slow] }
`
    const { out, err } = await millrace(['graph', '-', '--format', 'dot'], { stdin })
    expect(out).toContain('"slow" -> "last" [penwidth=3]')
    expect(out).toContain('"quick" -> "last"\n')
    expect(err).toContain('Critical path, 4 min 30 s: slow → last')
    const json = await millrace(['graph', '-', '--json'], { stdin })
    expect(JSON.parse(json.out).criticalPath).toEqual({ jobs: ['slow', 'last'], lengthMs: 270_000 })
  })
})

describe('a broker that is away', () => {
  it('ends a command with 3, names the address without its password, and says what to do', async () => {
    const { exit, out, err } = await millrace(['list', '--json'], { env: { REDIS_URL: NOWHERE } })
    expect(exit).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'MILLRACE_BROKER_UNREACHABLE' } })
    expect(err).toContain('redis://:***@127.0.0.1:1')
    expect(err).toContain('The address comes from REDIS_URL.')
    expect(out + err).not.toContain('secret')
  })

  it.each([
    ['validate', good, '--pool'],
    ['enqueue', good],
    ['status', 'x'],
    ['graph', 'x'],
    ['watch', 'x'],
    ['cancel', 'x'],
    ['dlq', 'list'],
    ['queue', 'list'],
  ])('ends `%s` with 3', async (...args) => {
    expect(await millrace(args, { env: { REDIS_URL: NOWHERE } })).toMatchObject({ exit: 3, out: '' })
  })

  it('is given up even when it accepts connections and never answers', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening))
    const { port } = mute.address() as { port: number }
    const env = { REDIS_URL: `redis://127.0.0.1:${port}`, MILLRACE_PRODUCER_CONNECT_TIMEOUT: '200ms' }
    const { exit, err } = await millrace(['list'], { env })
    mute.close()
    expect(exit).toBe(3)
    expect(err).toContain('did not answer within 200 ms')
  })
})
