// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { findHelm, lint, openChart } from './helm-render.ts'
import type { Rendered } from './helm-render.ts'
import { findRestrictedViolations } from './restricted.ts'

const helm = findHelm()
const IMAGE = { repository: 'org/server', tag: 'v1' }

type Container = { image: string; args?: string[]; command?: string[]; env: object[]; resources: { limits?: object }; volumeMounts: { mountPath: string }[]; [field: string]: unknown }
type Pod = { nodeSelector?: object; tolerations?: object[]; containers: Container[]; volumes: object[]; [field: string]: unknown }

describe.skipIf(helm === undefined)('charts/server (skipped only where no helm is found)', () => {
  const chart = openChart(helm ?? '', 'server')
  const render = (values: object = {}) => chart.render({ image: IMAGE, ...values })
  const one = (objects: readonly Rendered[], kind: string) => objects.find((object) => object.kind === kind)
  const podOf = (values: object = {}) => (one(render(values), 'Deployment') as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec
  const containerOf = (values: object = {}) => podOf(values).containers[0] as Container

  it('is clean', () => expect(lint(helm ?? '', 'server')).toContain('0 chart(s) failed'))

  it('makes a Deployment and a Service of the name of the release, which find each other', () => {
    const objects = render()
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).toSorted()).toEqual(['Deployment/rel', 'Service/rel'])
    const { spec: { selector, ports } } = one(objects, 'Service') as unknown as { spec: { selector: object; ports: object[] } }
    expect((one(objects, 'Deployment') as unknown as { spec: { template: { metadata: Rendered['metadata'] } } }).spec.template.metadata.labels).toMatchObject(selector)
    expect(ports).toEqual([{ name: 'http', port: 8000, targetPort: 'http' }])
  })

  it('meets the restricted standard, takes no token and no service links', () => {
    expect(findRestrictedViolations(podOf())).toEqual([])
    expect(podOf()).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    expect(containerOf()).toMatchObject({ securityContext: { readOnlyRootFilesystem: true } })
  })

  it('hands every argument on as one word', () => {
    expect(containerOf({ args: ['--a', 1_000_000, 0.5, true, 'b "c" {{ d }}\n- e'] }).args).toEqual(['--a', '1000000', '0.5', 'true', 'b "c" {{ d }}\n- e'])
    expect(containerOf({ command: ['python3', '-m', 'x'] })).toMatchObject({ command: ['python3', '-m', 'x'] })
    expect(containerOf()).not.toHaveProperty('args')
  })

  it.each([
    ['none', {}, undefined, undefined],
    ['two of a product', { count: 2, product: 'NVIDIA-L4' }, { 'nvidia.com/gpu': 2 }, { 'nvidia.com/gpu.product': 'NVIDIA-L4' }],
    ['another kind', { count: 1, resource: 'amd.com/gpu', product: 'MI300X', productLabel: 'amd.com/gpu.product-name' }, { 'amd.com/gpu': 1 }, { 'amd.com/gpu.product-name': 'MI300X' }],
    ['a product without a GPU', { product: 'NVIDIA-L4' }, undefined, undefined],
  ])('takes accelerators: %s', (_, gpu, limits, selector) => {
    const limited = containerOf({ gpu, resources: { limits: {} } }).resources.limits
    expect(limited ?? {}).toEqual(limits ?? {})
    expect(podOf({ gpu }).nodeSelector).toEqual(selector)
    expect(podOf({ gpu }).tolerations !== undefined).toBe(limits !== undefined)
  })

  it('keeps other limits, selectors and tolerations', () => {
    const values = { gpu: { count: 1, product: 'p' }, resources: { limits: { memory: '8Gi' } }, nodeSelector: { zone: 'a' }, tolerations: [{ key: 'spot' }] }
    expect(containerOf(values).resources.limits).toEqual({ memory: '8Gi', 'nvidia.com/gpu': 1 })
    expect(podOf(values).nodeSelector).toEqual({ zone: 'a', 'nvidia.com/gpu.product': 'p' })
    expect(podOf(values).tolerations).toHaveLength(2)
  })

  it('has volumes for all that is written, and shared memory where it is asked for', () => {
    expect(containerOf().volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/tmp', '/cache'])
    expect(podOf({ cache: { claimName: 'w' } }).volumes).toContainEqual({ name: 'cache', persistentVolumeClaim: { claimName: 'w' } })
    expect(podOf({ shm: { size: '1Gi' } }).volumes).toContainEqual({ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } })
  })

  it('takes the image by tag or digest, a token from a Secret, and any probe', () => {
    expect(containerOf().image).toBe('org/server:v1')
    expect(containerOf({ image: { ...IMAGE, digest: `sha256:${'b'.repeat(64)}` } }).image).toBe(`org/server@sha256:${'b'.repeat(64)}`)
    expect(containerOf({ hub: { tokenSecretName: 's', variable: 'HUGGING_FACE_HUB_TOKEN' } }).env).toContainEqual({ name: 'HUGGING_FACE_HUB_TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'HF_TOKEN' } } })
    expect(containerOf({ startupProbe: { tcpSocket: { port: 'http' }, httpGet: null } })).toMatchObject({ startupProbe: { tcpSocket: { port: 'http' } } })
  })

  it.each([
    ['no image', { image: {} }, /image\.repository is empty/],
    ['an image of no version', { image: { repository: 'x' } }, /image\.tag and image\.digest are empty/],
    ['a mistyped value', { image: IMAGE, arg: [] }, /arg/],
    ['a negative count', { image: IMAGE, gpu: { count: -1 } }, /gpu\/count/],
  ])('refuses %s', (_, values, message) => expect(chart.refusal(values)).toMatch(message))

  it('documents every value', () => {
    const readme = chart.readme()
    expect(chart.valuePaths().filter((path) => !readme.includes(`\`${path}\``))).toEqual([])
  })
})
