// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readChartSchema, withSettings } from '../simulator/chart-schema.ts'
import { check } from '../simulator/options.ts'
import { findHelm, lint, openChart } from './helm-render.ts'
import type { Rendered } from './helm-render.ts'
import { findRestrictedViolations } from './restricted.ts'

const helm = findHelm()

it('the schema of the chart has the settings of the simulator (node simulator/chart-schema.ts writes it)', () => {
  expect(readChartSchema()).toEqual(withSettings(readChartSchema()))
})

describe.skipIf(helm === undefined)('charts/simulator (skipped only where no helm is found)', () => {
  const chart = openChart(helm ?? '', 'simulator')
  const one = (objects: readonly Rendered[], kind: string) => {
    const [found, ...more] = objects.filter((object) => object.kind === kind)
    if (!found || more.length > 0) throw new Error(`expected one ${kind}`)
    return found
  }
  const configOf = (objects: readonly Rendered[]) => check(parse((one(objects, 'ConfigMap') as unknown as { data: Record<string, string> }).data['model.yaml'] ?? '') as Record<string, unknown>)
  const podOf = (objects: readonly Rendered[]) => (one(objects, 'Deployment') as unknown as { spec: { replicas: number; template: { metadata: Rendered['metadata']; spec: Record<string, unknown> } } }).spec
  const containerOf = (objects: readonly Rendered[]) => (podOf(objects).template.spec['containers'] as Record<string, unknown>[])[0] ?? {}

  it('is clean', () => expect(lint(helm ?? '', 'simulator')).toContain('0 chart(s) failed'))

  it('makes a Deployment, a Service of the name of the release, a ConfigMap and an account', () => {
    const objects = chart.render()
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual(['ConfigMap/rel', 'Deployment/rel', 'Service/rel', 'ServiceAccount/rel'])
    expect(one(objects, 'Service')).toMatchObject({ spec: { ports: [{ port: 8000, targetPort: 'http' }] } })
    for (const { metadata } of objects) expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'simulator', 'app.kubernetes.io/instance': 'rel', 'app.kubernetes.io/managed-by': 'Helm' })
  })

  it('meets the restricted standard, takes no token and no service links', () => {
    const { template } = podOf(chart.render())
    expect(findRestrictedViolations(template.spec)).toEqual([])
    expect(template.spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
  })

  it.each([
    ['the defaults', {}, { decode: { baseMs: 8 }, instance: { key: 'rel' }, server: { port: 8000, host: '0.0.0.0' } }],
    ['settings of all kinds', { simulator: { decode: { baseMs: 50.5, speculation: { draftTokens: 2 } }, parameters: { tensorParallel: 4, quantization: 'fp8' }, startup: [{ name: 'weights', seconds: 2 }] } },
      { decode: { baseMs: 50.5, perSequenceMs: 0.05, speculation: { draftTokens: 2 } }, parameters: { tensorParallel: 4, quantization: 'fp8' }, startup: [{ name: 'weights', seconds: 2 }] }],
    ['large numbers', { simulator: { cache: { blocks: 12_345_678 }, truth: { events: 100_000_000 } } }, { cache: { blocks: 12_345_678 }, truth: { events: 100_000_000 } }],
    ['an instance of its own', { simulator: { instance: { key: 'mine', sigma: 0.1 } } }, { instance: { key: 'mine', sigma: 0.1 } }],
    ['another port', { containerPort: 9000, simulator: { server: { accessLog: true } } }, { server: { port: 9000, accessLog: true } }],
  ])('hands over %s', (_, values, expected) => expect(configOf(chart.render(values))).toMatchObject(expected))

  it('starts anew when a setting changes, and only then', () => {
    const sum = (values: object) => podOf(chart.render(values)).template.metadata.annotations?.['checksum/config']
    expect(sum({ simulator: { decode: { baseMs: 9 } } })).not.toBe(sum({}))
    expect(sum({ replicaCount: 3 })).toBe(sum({}))
  })

  it.each([
    ['a mistyped setting', { simulator: { decode: { basMs: 1 } } }, /additional properties 'basMs' not allowed/],
    ['a setting of the wrong type', { simulator: { decode: { baseMs: 'fast' } } }, /simulator\/decode\/baseMs.*want number/],
    ['a share above 1', { simulator: { failures: { hang: { share: 2 } } } }, /simulator\/failures\/hang\/share/],
    ['a mistyped value', { replicas: 2 }, /additional properties 'replicas' not allowed/],
    ['a digest that is none', { image: { digest: 'latest' } }, /image\/digest/],
  ])('refuses %s', (_, values, message) => expect(chart.refusal(values)).toMatch(message))

  it.each([
    [{ image: { repository: 'r', tag: 't' } }, 'r:t'], [{ image: { digest: `sha256:${'a'.repeat(64)}` } }, `ghcr.io/assay-dev/simulator@sha256:${'a'.repeat(64)}`], [{}, 'ghcr.io/assay-dev/simulator:0.1.0'],
  ])('takes the image of %o', (values, image) => expect(containerOf(chart.render(values))['image']).toBe(image))

  it('puts everything into the pod that it is given', () => {
    const values = {
      replicaCount: 3, apiKey: { secretName: 's', key: 'k' }, extraEnv: [{ name: 'A', value: '1' }], envFrom: [{ secretRef: { name: 'e' } }],
      nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }], affinity: { nodeAffinity: {} }, topologySpreadConstraints: [{ maxSkew: 1 }],
      priorityClassName: 'high', terminationGracePeriodSeconds: 3, podLabels: { a: 'b' }, podAnnotations: { c: 'd' }, commonLabels: { team: 'x' },
      extraVolumes: [{ name: 'v', emptyDir: {} }], extraVolumeMounts: [{ name: 'v', mountPath: '/v' }], imagePullSecrets: [{ name: 'p' }], livenessProbe: null,
    }
    const { replicas, template } = podOf(chart.render(values))
    expect(replicas).toBe(3)
    expect(template.metadata).toMatchObject({ labels: { a: 'b', team: 'x' }, annotations: { c: 'd' } })
    expect(template.spec).toMatchObject({
      nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }], affinity: { nodeAffinity: {} }, topologySpreadConstraints: [{ maxSkew: 1 }],
      priorityClassName: 'high', terminationGracePeriodSeconds: 3, imagePullSecrets: [{ name: 'p' }],
    })
    const container = containerOf(chart.render(values))
    expect(container).toMatchObject({
      env: [{ name: 'VLLM_API_KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }, { name: 'A', value: '1' }], envFrom: [{ secretRef: { name: 'e' } }],
      volumeMounts: [{ name: 'config' }, { name: 'v', mountPath: '/v' }],
    })
    expect(container).not.toHaveProperty('livenessProbe')
    expect(container).toHaveProperty('startupProbe')
  })

  it('adds monitors, a budget and a policy on request', () => {
    const objects = chart.render({ podMonitor: { enabled: true }, serviceMonitor: { enabled: true }, podDisruptionBudget: { enabled: true }, networkPolicy: { enabled: true, from: [{ podSelector: {} }] } })
    expect(one(objects, 'PodMonitor')).toMatchObject({ spec: { podMetricsEndpoints: [{ port: 'http', path: '/metrics' }] } })
    expect(one(objects, 'ServiceMonitor')).toMatchObject({ spec: { endpoints: [{ port: 'http', path: '/metrics' }] } })
    expect(one(objects, 'PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1 } })
    expect(one(objects, 'NetworkPolicy')).toMatchObject({ spec: { policyTypes: ['Ingress', 'Egress'], ingress: [{ ports: [{ port: 'http' }], from: [{ podSelector: {} }] }], egress: [] } })
  })

  it('makes names that the cluster takes of any release', () => {
    expect(one(chart.render({}, 'a.b'), 'Service').metadata.name).toBe('a-b')
    expect(one(chart.render({ fullnameOverride: 'other' }), 'Service').metadata.name).toBe('other')
  })

  it('uses an account that is there', () => {
    const objects = chart.render({ serviceAccount: { create: false, name: 'mine' } })
    expect(objects.some(({ kind }) => kind === 'ServiceAccount')).toBe(false)
    expect(podOf(objects).template.spec['serviceAccountName']).toBe('mine')
  })

  it('says where it is', () => {
    expect(chart.notes({ simulator: { model: { name: 'm', aliases: ['tiny'] } } })).toMatch(/http:\/\/rel\.default:8000\/v1\s+Model:\s+tiny/)
    expect(chart.notes()).toMatch(/Model:\s+assay\/simulated-llm/)
  })

  it('documents every value', () => {
    const readme = chart.readme()
    expect(chart.valuePaths().filter((path) => !readme.includes(`\`${path}\``))).toEqual([])
  })
})
