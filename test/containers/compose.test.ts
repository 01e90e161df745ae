import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseDuration } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { documents, type Manifest, ROOT, read } from './manifests.ts'
import { endsWithinMs, programs } from './programs.ts'

const [compose = {}] = documents('docker-compose.yml')
const services = Object.entries(compose['services'] as Record<string, Manifest>)
const service = (name: string) => compose['services'][name] as Manifest
const ofImage = services.filter(([, { image }]) => image === 'millrace')
const programOf = ({ entrypoint = [], command = ['millrace-worker'] }: Manifest) => [...entrypoint.slice(2), ...command]
/** `${NAME:-value}` → value */
const byDefault = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1')
const environment = ({ environment = {} }: Manifest): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, byDefault(String(value))]))

describe('docker-compose.yml', () => {
  it.each(ofImage)('%s is a program of the image, with settings that it knows', (_name, definition) => {
    const [program = ''] = programOf(definition)
    expect(Object.keys(programs)).toContain(program)
    expect(() => programs[program]?.(environment(definition))).not.toThrow()
  })

  it.each(ofImage)('%s can change nothing but /tmp', (_name, { read_only, cap_drop, tmpfs }) => {
    expect({ read_only, cap_drop, tmpfs }).toEqual({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] })
  })

  it('gives a worker longer to end than its drain takes', () => {
    const worker = service('worker')
    expect(parseDuration(worker['stop_grace_period'])).toBeGreaterThan(endsWithinMs(environment(worker)))
  })

  it('lets there be many workers: neither a name nor a port is taken', () => {
    expect(Object.keys(service('worker'))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:container_name|ports|hostname)$/)]),
    )
  })

  it('keeps jobs over a crash of Redis, and throws none away', () => {
    const { command, volumes } = service('redis')
    expect(command.join(' ')).toMatch(/--appendonly yes --maxmemory-policy noeviction/)
    expect(volumes).toEqual(['redis:/data'])
  })

  it('publishes ports to this machine alone', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports as string[])
    expect(published.length).toBeGreaterThan(0)
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  it('waits for what can say that it is healthy', () => {
    const waits = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on as Record<string, Manifest>))
    expect(waits.length).toBeGreaterThan(0)
    for (const [name, { condition }] of waits) {
      expect(condition).toBe('service_healthy')
      const { image, healthcheck } = service(name)
      expect(healthcheck?.test ?? image, name).toBeTruthy()
      if (image !== 'millrace') expect(healthcheck?.test, name).toBeDefined()
    }
  })

  it('asks each program for its health where it listens', () => {
    const ports = Object.fromEntries(ofImage.map(([name, { healthcheck }]) => [name, healthcheck?.test]))
    expect(ports).toEqual({
      worker: undefined, // the image's: MILLRACE_HTTP_PORT
      millrace: undefined,
      dashboard: ['CMD', 'millrace-health', '4280'],
      exporter: ['CMD', 'millrace-health', programOf(service('exporter')).at(-1)],
    })
    expect(service('dashboard')['ports']).toEqual([expect.stringMatching(/:4280$/)])
  })

  it('mounts what exists', () => {
    const sources = services
      .flatMap(([, { volumes = [] }]) => volumes as string[])
      .map((volume) => byDefault(volume).split(':')[0] as string)
      .filter((source) => source.startsWith('.'))
    expect(sources.length).toBeGreaterThan(3)
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([])
  })
})

describe('prometheus.yml', () => {
  it('scrapes every worker, and one exporter, where they listen', () => {
    const [{ scrape_configs: jobs } = {}] = documents('prometheus/prometheus.yml')
    const [worker, exporter] = ['millrace-worker', 'millrace-exporter'].map((name) =>
      jobs.find(({ job_name }: Manifest) => job_name === name),
    )
    const port = /MILLRACE_HTTP_PORT=(\d+)/.exec(read('Dockerfile'))?.[1]
    expect(worker.dns_sd_configs).toMatchObject([{ names: ['worker'], type: 'A', port: Number(port) }])
    expect(exporter.static_configs).toEqual([{ targets: [`exporter:${programOf(service('exporter')).at(-1)}`] }])
  })
})

describe('the image', () => {
  const dockerfile = read('Dockerfile')

  it('is built by the tools that the workspace names', () => {
    const pnpm = /pnpm@([\d.]+)/.exec(read('scripts/install.mjs'))?.[1]
    const { devDependencies } = JSON.parse(read('package.json'))
    expect(dockerfile).toContain(`ARG PNPM=${pnpm}\n`)
    expect(dockerfile).toContain(`ARG NODE=node:${devDependencies.node.split('.')[0]}-`)
  })

  it('runs as nobody in particular', () => {
    expect(dockerfile.match(/^USER .*/gm)).toEqual(['USER 1000:1000'])
  })

  it('has every folder that its build reads', () => {
    const ignored = read('.dockerignore')
    const kept = [...ignored.matchAll(/^!(.+)$/gm)].map((match) => match[1] as string)
    expect(kept.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    expect(kept).toEqual(
      expect.arrayContaining(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'packages', 'scripts']),
    )
  })
})
