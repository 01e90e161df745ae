import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject'
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor'
import { SERIES } from '@millrace/shared'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Namespace } from 'kubernetes-models/v1/Namespace'
import { Service } from 'kubernetes-models/v1/Service'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { describe, expect, it } from 'vitest'
import { documents, kustomizations, type Manifest, manifests, pods, ROOT } from './manifests.ts'
import { endsWithinMs, programs } from './programs.ts'
import { noteReads } from './unread.ts'

const MODELS = [
  Deployment,
  StatefulSet,
  Service,
  ServiceAccount,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  HorizontalPodAutoscaler,
  ScaledObject,
  ServiceMonitor,
  PrometheusRule,
] as unknown as { apiVersion: string; kind: string; prototype: { validate(this: Manifest): void } }[]

/** What is wrong with a manifest by the schema of its kind, fields that the schema does not know among it. */
function problems(manifest: Manifest): string[] {
  const Model = MODELS.find(
    ({ apiVersion, kind }) => manifest['apiVersion'] === apiVersion && manifest['kind'] === kind,
  )
  if (!Model) return [`there is no ${manifest['apiVersion']} ${manifest['kind']}`]
  const { noted, unread } = noteReads(manifest)
  try {
    Model.prototype.validate.call(noted) // not constructed: that would read, and copy, every field
  } catch (error) {
    return [(error as Error).message, ...unread()]
  }
  return unread()
}

const named = manifests.map(
  ({ file, manifest }) => [`${manifest['kind']} ${manifest['metadata'].name}`, file, manifest] as const,
)
const ofKind = (kind: string) =>
  manifests.filter(({ manifest }) => manifest['kind'] === kind).map(({ manifest }) => manifest)
const pod = (name: string) => pods.find((each) => each.name === name)?.template as Manifest

/** Labels that the kustomization of the base adds to every pod in it. */
const added = (file: string) => (file.startsWith('k8s/base/') ? { 'app.kubernetes.io/part-of': 'millrace' } : {})
const selectedBy = ({ matchLabels = {}, matchExpressions = [] }: Manifest) =>
  pods.filter(({ file, template }) => {
    const labels: Record<string, string> = { ...template.metadata.labels, ...added(file) }
    return (
      Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
      matchExpressions.every(({ key, values }: Manifest) => values.includes(labels[key]))
    )
  })
const portNames = (template: Manifest) =>
  template['spec'].containers.flatMap(({ ports = [] }: Manifest) => ports.map(({ name }: Manifest) => name as string))

describe('a manifest of k8s/', () => {
  it.each(named)('%s in %s is what the schema of its kind says', (_name, _file, manifest) => {
    expect(problems(manifest)).toEqual([])
  })

  it('would be refused for a field that nobody knows, and for one of the wrong type', () => {
    const [deployment] = ofKind('Deployment')
    const wrong = structuredClone(deployment) as Manifest
    wrong['spec'].template.spec.containers[0].imagePullPolcy = 'Always'
    wrong['spec'].template.spec.terminationGracePeriodSeconds = '40s'
    expect(problems(wrong)).toEqual([
      expect.stringContaining('terminationGracePeriodSeconds must be integer'),
      '/spec/template/spec/containers/0/imagePullPolcy',
    ])
  })
})

describe('a kustomization', () => {
  it.each(kustomizations)('%s lists files that exist, and every manifest beside it', (path) => {
    const [{ resources = [], components = [] } = {}] = documents(path)
    const folder = join(ROOT, dirname(path))
    const missing = [...resources, ...components].filter((entry: string) => !existsSync(join(folder, entry)))
    const beside = globSync('*.yaml', { cwd: folder, exclude: ['kustomization.yaml', 'prometheus-adapter.yaml'] })
    expect(missing).toEqual([])
    expect(beside.filter((file) => !resources.includes(file))).toEqual([])
  })

  it.each(kustomizations.filter((path) => path.includes('/overlays/')))('%s changes what there is', (path) => {
    const [{ images = [], replicas = [] } = {}] = documents(path)
    const used = pods.flatMap(({ template }) => template.spec.containers.map(({ image }: Manifest) => image as string))
    expect(images.map(({ name }: Manifest) => name).filter((name: string) => !used.includes(name))).toEqual([])
    expect(replicas.map(({ name }: Manifest) => name).filter((name: string) => !pod(name))).toEqual([])
  })
})

describe('a worker pod', () => {
  it('is given longer to end than its drain takes', () => {
    const { terminationGracePeriodSeconds, containers } = pod('millrace-worker')['spec']
    expect(terminationGracePeriodSeconds * 1000).toBeGreaterThan(endsWithinMs(environment(containers[0])))
  })

  it('leaves the number of workers to whoever scales them', () => {
    expect(
      ofKind('Deployment').find(({ metadata }) => metadata.name === 'millrace-worker')?.['spec'].replicas,
    ).toBeUndefined()
  })
})

describe('a pod', () => {
  const millrace = pods.filter(({ template }) => template.spec.containers[0].image === 'millrace')

  it.each(millrace)('$name runs a program of the image, with settings that the program knows', ({ template }) => {
    const [{ args, ...container }] = template.spec.containers
    expect(Object.keys(programs)).toContain(args[0])
    expect(() => programs[args[0]]?.(environment(container))).not.toThrow()
    expect(template.spec.enableServiceLinks, 'MILLRACE_DASHBOARD_PORT would be tcp://…').toBe(false)
  })

  it.each(millrace)('$name is asked for its health at a port that its program listens on', ({ template }) => {
    const [{ args, ports, readinessProbe, livenessProbe, ...container }] = template.spec.containers
    const environmentOf = environment(container)
    const listens = {
      MILLRACE: environmentOf['MILLRACE_HTTP_PORT'],
      DASHBOARD: environmentOf['MILLRACE_DASHBOARD_PORT'],
    }
    const given = args.at(args.indexOf('--port') + 1)
    const port = args.includes('--port') ? given : (listens.DASHBOARD ?? listens.MILLRACE)
    expect(ports).toEqual([{ name: expect.any(String), containerPort: Number(port) }])
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: ports[0].name })
    expect(livenessProbe.httpGet).toEqual({ path: '/livez', port: ports[0].name })
  })

  it.each(pods)('$name may do no more than it must', ({ template }) => {
    const { spec } = template
    expect(spec.automountServiceAccountToken).toBe(false)
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    for (const { securityContext, resources } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      })
    }
  })
})

describe('what refers to pods', () => {
  it.each(ofKind('Service').map((service) => [service['metadata'].name, service['spec']] as const))(
    'service %s leads to a port of theirs',
    (_name, { selector, ports }) => {
      const selected = selectedBy({ matchLabels: selector })
      expect(selected).toHaveLength(1)
      expect(portNames(selected[0]?.template as Manifest)).toContain(ports[0].targetPort)
    },
  )

  it('matches some: budgets, network policies, what is monitored, what is spread', () => {
    const selectors = [
      ...ofKind('PodDisruptionBudget').map(({ spec }) => spec.selector),
      ...ofKind('NetworkPolicy').map(({ spec }) => spec.podSelector),
      ...ofKind('ServiceMonitor').map(({ spec }) => spec.selector),
      ...pod('millrace-worker')['spec'].topologySpreadConstraints.map(({ labelSelector }: Manifest) => labelSelector),
    ]
    expect(selectors.filter((selector) => selectedBy(selector).length === 0)).toEqual([])
  })

  it('lets each be reached at its port: metrics by Prometheus, the dashboard by people', () => {
    const open = ofKind('NetworkPolicy').flatMap(({ spec }) =>
      (spec.ingress ?? []).flatMap(({ ports }: Manifest) =>
        ports.flatMap(({ port }: Manifest) =>
          selectedBy(spec.podSelector).filter(({ template }) => portNames(template).includes(port)),
        ),
      ),
    )
    expect(open.map(({ name }) => name).toSorted()).toEqual(pods.map(({ name }) => name).toSorted())
  })
})

describe('the rules for the Prometheus operator', () => {
  it('are those of prometheus/rules', () => {
    const [{ groups } = {}] = documents('prometheus/rules/millrace.yml')
    expect(ofKind('PrometheusRule').map(({ spec }) => spec.groups)).toEqual([groups])
  })
})

describe('what is scraped', () => {
  it('says of which pool it is, as in prometheus.yml', () => {
    const [{ scrape_configs: jobs } = {}] = documents('prometheus/prometheus.yml')
    const labels = jobs
      .filter(({ job_name }: Manifest) => job_name.startsWith('millrace-'))
      .map(({ relabel_configs: [{ target_label, replacement }] }: Manifest) => [target_label, replacement])
    const [monitor] = ofKind('ServiceMonitor')
    const relabelled = monitor?.['spec'].endpoints.map(({ relabelings: [{ targetLabel, replacement }] }: Manifest) => [
      targetLabel,
      replacement,
    ])
    expect([...labels, ...relabelled]).toEqual(Array(3).fill(['pool', 'millrace']))
  })
})

describe('an autoscaler', () => {
  const names: readonly string[] = Object.values(SERIES).map(({ name }) => name)

  it('scales the workers by series that are exported', () => {
    const [hpa] = ofKind('HorizontalPodAutoscaler')
    const asked = hpa?.['spec'].metrics.map(({ external, pods }: Manifest) => (external ?? pods).metric.name)
    expect(asked).toEqual(['millrace_pending_jobs_per_worker', 'millrace_worker_utilization_ratio'])
    expect(asked.filter((name: string) => !names.includes(name))).toEqual([])
    expect(pod(hpa?.['spec'].scaleTargetRef.name)).toBeDefined()
  })

  it('of KEDA asks for the same, with the same bounds', () => {
    const [hpa] = ofKind('HorizontalPodAutoscaler')
    const [scaled] = ofKind('ScaledObject')
    const asked = scaled?.['spec'].triggers.map(({ metadata }: Manifest) => /\((\w+)\)/.exec(metadata.query)?.[1])
    expect(asked).toEqual(['millrace_pending_jobs_per_worker', 'millrace_worker_utilization_ratio'])
    expect(scaled?.['spec'].scaleTargetRef.name).toBe(hpa?.['spec'].scaleTargetRef.name)
    expect(scaled?.['spec'].maxReplicaCount).toBe(hpa?.['spec'].maxReplicas)
    expect(scaled?.['spec'].minReplicaCount).toBeGreaterThan(0)
  })

  it('finds in Prometheus what the rules of the adapter name', () => {
    const [{ rules } = {}] = documents('k8s/components/hpa/prometheus-adapter.yaml')
    const asked = [...rules.external, ...rules.custom].map(({ seriesQuery }: Manifest) => seriesQuery.split('{')[0])
    expect(asked).toEqual(['millrace_pending_jobs_per_worker', 'millrace_worker_utilization_ratio'])
  })
})

/** The environment of a container, with something that fits for each value that comes from a secret. */
function environment({ env }: Manifest): Record<string, string> {
  const secrets: Record<string, string> = { url: 'redis://redis:6379', tokens: 'admin:0123456789abcdef' }
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }: Manifest) => [name, value ?? secrets[valueFrom.secretKeyRef.key]]),
  )
}
