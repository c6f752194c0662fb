// SPDX-License-Identifier: Apache-2.0
/** The library's scenarios against what they claim: charts take their values, GPUs are real ones, and the model fits into their memory. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { findHelm, openChart } from '../../charts/helm-render.ts'
import { quantityValue } from '../../operator/core/model/common.ts'
import { ScenarioSpec } from '../../operator/core/model/scenario.ts'
import { memoryOfProduct } from '../../operator/core/preflight/accelerator-memory.ts'
import { checkModel } from '../../operator/core/preflight/check-model.ts'
import { kvBytesPerToken, weightBytes } from '../../operator/core/preflight/model-memory.ts'
import { renderScenario } from '../../operator/core/plan/render.ts'
import { loadObjects } from '../../operator/shell/library.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const CATALOGUE = join(ROOT, 'scenarios', 'catalogue', 'gpus.yaml')

interface Gpu { readonly product: string; readonly memoryGB: number; readonly powerWatts: number; readonly usdPerHour?: number; readonly provider?: string; readonly date?: string }
const { gpus } = parse(readFileSync(CATALOGUE, 'utf8')) as { readonly gpus: readonly Gpu[] }
const gpuOf = (product: string) => gpus.find((gpu) => gpu.product === product)

const { objects } = await loadObjects([join(ROOT, 'scenarios')])
const scenarios = objects.filter((o) => o.kind === 'Scenario').map(({ name, spec }) => ({ name, spec: ScenarioSpec.parse(spec) }))
const onGpus = scenarios.filter(({ spec }) => spec.accelerator.product !== undefined)
/** Those that serve: in a tool's own process models come and go with a factor, and what does not fit is a row. */
const served = onGpus.filter(({ spec }) => spec.endpoint !== undefined)
const releasesOf = (spec: ScenarioSpec, stackName: string) => {
  const rendered = renderScenario(spec, { stackName, namespace: 'bench' })
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems))
  return rendered.value.releases
}

describe('the GPU catalogue', () => {
  it('names every GPU once', () => {
    const products = gpus.map((gpu) => gpu.product)
    expect(new Set(products).size).toBe(products.length)
    expect(products.length).toBeGreaterThan(20)
  })

  it.each(gpus)('$product has a label that nodes can have, and a price only with its source and day', ({ product, memoryGB, powerWatts, usdPerHour, provider, date }) => {
    expect(product).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/)
    expect(memoryGB).toBeGreaterThan(8)
    expect(powerWatts).toBeGreaterThan(50)
    expect([provider === undefined, date === undefined]).toEqual([usdPerHour === undefined, usdPerHour === undefined])
    if (date !== undefined) expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
  })

  it.each(gpus)('is what a preflight knows of $product', ({ product, memoryGB }) => {
    expect(memoryOfProduct(product)).toBe(memoryGB * 1e9)
  })

  it.each(onGpus)('has the GPU of $name, with the memory that it says', ({ spec: { accelerator } }) => {
    const gpu = gpuOf(accelerator.product ?? '')
    expect(gpu?.product).toBe(accelerator.product)
    expect(quantityValue(accelerator.memory ?? '')).toBe((gpu?.memoryGB ?? 0) * 1e9)
  })
})

interface Architecture { readonly weightsGB: number; readonly kvBytesPerToken: number; readonly positions: number }
const kv = (layers: number, kvHeads: number, headSize: number) => layers * kvHeads * headSize * 2 * 2
/** From the models' own configurations; the cache holds keys and values in two bytes each. */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  'meta-llama/Llama-3.2-1B-Instruct': { weightsGB: 2.48, kvBytesPerToken: kv(16, 8, 64), positions: 131_072 },
  'meta-llama/Llama-3.2-3B-Instruct': { weightsGB: 6.43, kvBytesPerToken: kv(28, 8, 128), positions: 131_072 },
  'meta-llama/Llama-3.1-8B-Instruct': { weightsGB: 16.1, kvBytesPerToken: kv(32, 8, 128), positions: 131_072 },
  'meta-llama/Llama-3.1-70B-Instruct': { weightsGB: 141.2, kvBytesPerToken: kv(80, 8, 128), positions: 131_072 },
  'RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8': { weightsGB: 72.7, kvBytesPerToken: kv(80, 8, 128), positions: 131_072 },
  'Qwen/Qwen3-8B': { weightsGB: 16.4, kvBytesPerToken: kv(36, 8, 128), positions: 40_960 },
  'Qwen/Qwen3-32B': { weightsGB: 65.6, kvBytesPerToken: kv(64, 8, 128), positions: 40_960 },
  'Qwen/Qwen3-30B-A3B': { weightsGB: 61.1, kvBytesPerToken: kv(48, 4, 128), positions: 40_960 },
  'openai/gpt-oss-20b': { weightsGB: 13.8, kvBytesPerToken: kv(24, 8, 64), positions: 131_072 },
  'openai/gpt-oss-120b': { weightsGB: 65.3, kvBytesPerToken: kv(36, 8, 64), positions: 131_072 },
  // Latent attention: 512 + 64 values a token and layer, held by every GPU.
  'deepseek-ai/DeepSeek-R1': { weightsGB: 689, kvBytesPerToken: 61 * 576 * 2 * 8, positions: 163_840 },
}
/** What activations, graphs and the engine itself take of one GPU. */
const ENGINE_GB = 2

describe('models fit into the GPUs that a scenario takes', () => {
  it.each(served)('$name', ({ spec: { model, accelerator, serving } }) => {
    const { weightsGB, kvBytesPerToken, positions } = ARCHITECTURES[model.name] ?? { weightsGB: Number.NaN, kvBytesPerToken: Number.NaN, positions: Number.NaN }
    const share = Number(serving.args['gpu-memory-utilization'] ?? serving.settings['memoryFraction'])
    const { tensor, pipeline, data } = serving.parallelism
    expect(tensor * pipeline * data).toBe(accelerator.perReplica)
    const length = model.maxLength ?? 0
    expect(length).toBeLessThanOrEqual(positions)
    const usableGB = (share * quantityValue(accelerator.memory ?? '') * accelerator.perReplica) / 1e9
    // Two requests of full length at once are the least that is worth measuring.
    expect(weightsGB + ENGINE_GB * accelerator.perReplica + (2 * length * kvBytesPerToken) / 1e9).toBeLessThan(usableGB)
  })
})

describe('a preflight', () => {
  it.each(served)('has nothing against $name, and knows its model', ({ spec }) => {
    expect(checkModel(spec, {})).toEqual([])
    const { weightsGB, kvBytesPerToken: perToken } = ARCHITECTURES[spec.model.name] ?? { weightsGB: Number.NaN, kvBytesPerToken: Number.NaN }
    // Latent attention is the same on every GPU, of which the table counts eight.
    expect(kvBytesPerToken(spec, { tensor: 1, pipeline: 1, data: 1 })).toBe(spec.model.architecture?.kvBytesPerToken === undefined ? perToken : perToken / 8)
    const estimated = weightBytes(spec)
    // Four-bit checkpoints keep some of their layers in two bytes: the estimate is the least, so that it refuses nothing that fits.
    if (estimated !== undefined) expect(estimated / 1e9 / weightsGB).toBeGreaterThan(0.8)
    if (estimated !== undefined) expect(estimated / 1e9 / weightsGB).toBeLessThan(1.03)
  })
})

const helm = findHelm()
describe.skipIf(helm === undefined)('bundled charts take the values of every scenario (skipped only where no helm is found)', () => {
  const bundled = scenarios.flatMap(({ name, spec }) => releasesOf(spec, 'st').flatMap(({ release, chart, values }) => (chart.bundled === undefined ? [] : [{ name, release, chart: chart.bundled, values, spec }])))

  it.each(bundled)('$name: $release', ({ release, chart, values, spec }) => {
    const rendered = openChart(helm ?? '', chart).render(values, release)
    const service = rendered.find((object) => object.kind === 'Service')
    expect(service?.metadata.name).toBe(release)
    const [pod] = rendered.filter((object) => object.kind === 'Deployment').map((object) => (object as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec)
    const limits = pod?.containers[0]?.resources.limits ?? {}
    expect(Number(limits[spec.accelerator.resource] ?? 0)).toBe(spec.accelerator.perReplica)
    expect(pod?.nodeSelector?.['nvidia.com/gpu.product']).toBe(spec.accelerator.product)
  })
})
describe('the tiny model comes to vLLM as large ones do, and needs nothing from outside the cluster', () => {
  const valuesOf = (name: string) => releasesOf(scenarios.find((scenario) => scenario.name === name)?.spec as ScenarioSpec, 'st')[0]?.values as { model: object; volume?: object; hub?: object; image: object; gpu: object }

  it.each([
    ['vllm-tiny-cpu', { model: { name: 'tiny', source: 'image', path: '/models/tiny' } }],
    ['vllm-tiny-from-volume-cpu', { model: { name: 'tiny', source: 'volume', path: 'tiny' }, volume: { claimName: 'tiny-models' } }],
    ['vllm-tiny-from-hub-cpu', { model: { name: 'assay/tiny', source: 'volume' }, volume: { download: 'job', create: { enabled: true } }, hub: { tokenSecretName: 'tiny-hub-token', endpoint: 'http://tiny-hub:8080' } }],
  ])('%s', (name, expected) => {
    expect(valuesOf(name)).toMatchObject({ ...expected, image: { repository: 'ghcr.io/assay-dev/vllm-cpu' }, gpu: { count: 0 } })
  })
})

interface Pod { readonly nodeSelector?: Readonly<Record<string, string>>; readonly containers: readonly { readonly resources: { readonly limits?: Readonly<Record<string, unknown>> } }[] }

describe('what a factor may vary is placed in all vLLM scenarios of the library alike', () => {
  const template = (spec: ScenarioSpec) => spec.deploy?.releases[0]?.values ?? {}
  const standalone = scenarios.find(({ name }) => name === 'standalone')
  const alike = scenarios.filter(({ name, spec }) => name.startsWith('vllm-') && spec.model.volume === undefined)

  it.each(alike)('$name', ({ spec }) => expect(template(spec)).toMatchObject(template(standalone?.spec ?? spec)))
})
