import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** A package of npm, where its values may be imported (types may go anywhere), and why only there. */
const ROOMS: Record<string, { only: string[]; reason: string }> = {
  bullmq: {
    only: [
      'shared/src/engine/',
      'shared/src/dead-letters/',
      'producer/src/schedules.ts',
      'producer/src/with-queue.ts',
      'worker/src/attempt/',
      'worker/src/control/',
      'worker/src/runtime/',
      'dashboard/src/board/',
    ],
    reason: 'an upgrade of BullMQ touches few files',
  },
  ioredis: {
    only: ['shared/src/redis/'],
    reason: 'everybody else is given a connection, so that tests choose the server',
  },
  cockatiel: { only: ['worker/src/policies/'], reason: 'its quirks are met once' },
  commander: {
    only: ['producer/src/cli/', 'worker/src/cli/', 'dashboard/src/cli/'],
    reason: 'a library does not load a command line',
  },
  '@bull-board/api': { only: ['dashboard/src/board/'], reason: 'what it may do to queues is decided once' },
  pino: { only: ['shared/src/observability/'], reason: 'the shape of a log line has one author' },
  'prom-client': { only: ['shared/src/observability/'], reason: 'names and labels have one author' },
  ...Object.fromEntries(
    ['api', 'sdk-trace-node', 'exporter-trace-otlp-proto', 'resources'].map((name) => [
      `@opentelemetry/${name}`,
      { only: ['shared/src/observability/open-telemetry.ts'], reason: 'nothing is loaded where traces are off' },
    ]),
  ),
  msgpackr: { only: ['shared/src/engine/'], reason: 'only our scripts are given packed arguments' },
  yaml: { only: ['shared/src/workflow/reading/'], reason: 'texts become plain values at the door' },
}

/** Files that take every value as an argument: no clock, no socket, no timer, no chance, no environment. */
const PURE = [
  ...['shared/src/workflow/', 'shared/src/scheduling/', 'shared/src/errors/', 'worker/src/policies/retry.ts'],
  ...['worker/src/concurrency/controller.ts', 'worker/src/concurrency/divide.ts', 'worker/src/health/task-health.ts'],
  ...['layers', 'order', 'spread', 'places', 'layout', 'spawned'].map((name) => `dashboard/src/picture/${name}.ts`),
  ...['reason', 'facts', 'words', 'ended', 'needs', 'barriers', 'limits', 'parked', 'line', 'start', 'job'].map(
    (name) => `shared/src/reasons/${name}.ts`,
  ),
  ...['frontier', 'workflow', 'queue', 'schedule'].map((name) => `shared/src/reasons/${name}.ts`),
  ...['dashboard/src/auth/roles.ts', 'dashboard/src/live/changes.ts', 'shared/src/pool/listening.ts'],
  ...['shared/src/estimates/buckets.ts', 'shared/src/failures/normalise.ts', 'worker/src/policies/adaptive-timeout.ts'],
]
const PURE_MAY_IMPORT = ['zod', 'yaml', '@standard-schema/spec', '@millrace/shared', 'node:crypto']
const DOORS =
  /\b(?:process\.|Date\.now|new Date\(\)|performance\.|setTimeout|setInterval|Math\.random|random(?:UUID|Bytes|Int)|fetch\()/

/** Who may not import which room of its own package. */
const ABOVE = [
  ...['tasks', 'policies', 'attempt', 'control', 'health', 'observability'].map((room) => ({
    rooms: [`worker/src/${room}/`],
    not: 'worker/src/runtime/',
    reason: 'runtime composes them',
  })),
  {
    rooms: ['worker/src/tasks/', 'worker/src/policies/', 'worker/src/isolation/'],
    not: 'worker/src/attempt/',
    reason: 'an attempt is made of them',
  },
  ...['producer', 'worker', 'dashboard'].map((name) => ({
    rooms: [`${name}/src/`],
    not: `${name}/src/cli/`,
    reason: 'it is an edge',
  })),
]

/** Files that may decide the fate of their process, or read its environment. A library does neither. */
const EDGES = /\/(?:config|isolation\/child|cli\/[\w-]+|testing\/[\w-]+)\.ts$/

interface Import {
  readonly file: string
  readonly from: string
  readonly typeOnly: boolean
}

const packages = join(ROOT, 'packages')
const sources = globSync('*/src/**/*.ts', { cwd: packages })
const code = new Map(sources.map((file) => [file, withoutComments(readFileSync(join(packages, file), 'utf8'))]))
const imports = [...code].flatMap(([file, text]) => importsOf(file, text))

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '')
}

function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import\s+|(?:import|export)\s+(type\s)?([^'"`;=]*?)\bfrom\s+)'([^']+)'/gm)
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'/g)
  return [
    ...[...statements].map(([, type, names = '', from = '']) => {
      const listed =
        /\{([^}]*)\}/
          .exec(names)?.[1]
          ?.split(',')
          .map((name) => name.trim())
          .filter(Boolean) ?? []
      const typeOnly = type !== undefined || (listed.length > 0 && listed.every((name) => name.startsWith('type ')))
      return { file, from, typeOnly }
    }),
    ...[...dynamic].map(([, from = '']) => ({ file, from, typeOnly: false })),
  ]
}

const isIn = (file: string, rooms: readonly string[]) => rooms.some((room) => file.startsWith(room))
/** `shared/src/redis/keys.ts` for `../redis/keys.ts` in `shared/src/engine/backend.ts`. */
const target = ({ file, from }: Import) => (from.startsWith('.') ? join(file, '..', from) : from)
const shown = (found: readonly Import[]) => found.map(({ file, from }) => `${file} imports ${from}`)

describe('an import', () => {
  it('is found at all', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  it.each(Object.entries(ROOMS))('of %s is made only in its rooms', (name, { only, reason }) => {
    const wrong = imports.filter(({ file, from, typeOnly }) => from === name && !typeOnly && !isIn(file, only))
    expect(shown(wrong), reason).toEqual([])
  })

  it('stays within its package, or takes what another one promises', () => {
    const wrong = imports.filter((one) => {
      const own = one.file.slice(0, one.file.indexOf('/') + 1)
      return one.from.startsWith('.')
        ? !target(one).startsWith(`${own}src/`)
        : /^@millrace\/[^/]+\/(?!testing$)/.test(one.from) && one.from !== '@millrace/shared/engine'
    })
    expect(shown(wrong)).toEqual([])
  })

  it('points one way: shared knows nobody, producer and worker know shared, the dashboard knows shared and producer', () => {
    const mayKnow = (file: string) => {
      if (file.startsWith('shared/')) return []
      if (file.startsWith('dashboard/')) return ['@millrace/shared', '@millrace/producer']
      return ['@millrace/shared', ...(file.startsWith('worker/') ? ['@millrace/shared/engine'] : [])]
    }
    const wrong = imports.filter(({ file, from }) => from.startsWith('@millrace/') && !mayKnow(file).includes(from))
    expect(shown(wrong)).toEqual([])
  })

  it.each(ABOVE)('from $rooms never leads to $not: $reason', ({ rooms, not, reason }) => {
    const wrong = imports.filter(
      (one) => isIn(one.file, rooms) && !one.file.startsWith(not) && target(one).startsWith(not),
    )
    expect(shown(wrong), reason).toEqual([])
  })
})

describe('a pure file', () => {
  it('imports only pure files and the schema libraries', () => {
    const wrong = imports.filter(
      (one) => isIn(one.file, PURE) && !one.typeOnly && !isIn(target(one), [...PURE, ...PURE_MAY_IMPORT]),
    )
    expect(shown(wrong)).toEqual([])
  })

  it('takes the time, chance and the environment as arguments', () => {
    const wrong = [...code]
      .filter(([file, text]) => isIn(file, PURE) && DOORS.test(withoutTexts(text)))
      .map(([file]) => file)
    expect(wrong).toEqual([])
  })
})

describe('a library', () => {
  it('neither reads its environment nor ends its process', () => {
    const wrong = [...code].filter(
      ([file, text]) => /\bprocess\.(?:env|exit|on|once)\b/.test(withoutTexts(text)) && !EDGES.test(file),
    )
    expect(wrong.map(([file]) => file)).toEqual([])
  })
})

describe('bench', () => {
  const files = globSync('bench/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules/**'] })
  const found = files.flatMap((file) => importsOf(file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))))
  /** What both sides are made of, and the Redis that every script of the workspace starts in the same way. */
  const MAY_IMPORT =
    /^(?:@millrace\/(?:producer|worker|shared|shared\/testing)|bullmq|ioredis|zod|vitest|fast-check|node:[\w/]+)$/
  const STAYS = /^bench\/|^scripts\/broker\.mjs$/

  it('uses the packages as users do: what they promise, and no path into them', () => {
    expect(found.length).toBeGreaterThan(50)
    const wrong = found.filter((one) =>
      one.from.startsWith('.') ? !STAYS.test(target(one)) : !MAY_IMPORT.test(one.from),
    )
    expect(shown(wrong)).toEqual([])
  })

  it('talks to BullMQ only on the raw side', () => {
    const RAW = ['bench/pools/raw.ts', 'bench/workers/raw.ts']
    const wrong = found.filter(({ file, from, typeOnly }) => from === 'bullmq' && !typeOnly && !RAW.includes(file))
    expect(shown(wrong)).toEqual([])
  })
})

/** Code without what its texts say; what a template computes stays. */
function withoutTexts(code: string): string {
  return code
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, (text) => (text.match(/\$\{[^}]*\}/g) ?? []).join(' '))
}
