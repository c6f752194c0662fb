// SPDX-License-Identifier: Apache-2.0
/** One stack of a scenario file of llm-d-benchmark, as a Scenario. */
import { isObject } from '../design/path.ts'
import { type Ledger, openLedger, type Outcome } from './ledger.ts'
import { commonArgs, roleArgs } from './vllm-flags.ts'

export interface ConvertedScenario extends Outcome {
  readonly spec: Record<string, unknown>
  /** Tool and profile that the file names for experiments with it. */
  readonly tool?: string
  readonly profile?: string
}

/** Members of common and modelservice belong to the stack itself, which is how treatments address them. */
export function hoisted(stack: unknown): Record<string, unknown> {
  if (!isObject(stack)) return {}
  const { common, modelservice, ...rest } = stack
  const { enabled, ...service } = isObject(modelservice) ? modelservice : {}
  return { ...(isObject(common) ? common : {}), ...service, ...rest, ...(enabled === undefined ? {} : { modelservice: { enabled } }) }
}

const ROUTER = 'requests go to a Service; a router or gateway needs a chart of its own in deploy.releases'
const REASONS: Readonly<Record<string, string>> = {
  gateway: ROUTER, router: ROUTER, routing: ROUTER, httpRoute: ROUTER, tokenizer: ROUTER, inferenceObjectives: ROUTER, chartVersions: ROUTER, helmRepositories: ROUTER,
  storage: 'weights are fetched from the hub; serving.settings.cacheClaim or model.volume names a claim', kustomize: 'Assay deploys Helm charts only', fma: 'Assay deploys Helm charts only', nok8s: 'Assay deploys on Kubernetes only',
  multinode: 'a replica on several nodes needs a chart that makes it', wva: 'autoscaling would change the stack while it is measured', keda: 'autoscaling would change the stack while it is measured',
  images: 'this image is not used', vllmCommon: 'the chart has no such setting', decode: 'the chart has no such setting', prefill: 'the chart has no such setting', standalone: 'the chart has no such setting',
}

/** A stack, hoisted and with treatments laid over it. */
export function convertScenario(stack: unknown): ConvertedScenario {
  const ledger = openLedger(stack)
  const standalone = ledger.take('standalone.enabled') === true
  const role = standalone ? 'standalone' : 'decode'
  ledger.handled(standalone ? 'decode' : 'standalone', 'modelservice', 'name', 'workDir', 'namespace', 'control', 'monitoring', 'timeouts', 'description', 'harness', 'huggingface.token', 'huggingface.enabled', `${role}.enabled`)
  const enabled = ledger.take('prefill.enabled')
  const prefill = standalone || enabled === false ? 0 : (ledger.number('prefill.replicas') ?? (enabled === true ? 1 : 0))
  if (prefill === 0) ledger.handled('prefill')
  const spec = specOf(ledger, role, prefill)
  const tool = text(ledger.peek('harness.name'))
  const profile = text(ledger.peek('harness.experimentProfile')) ?? text(ledger.peek('harness.profile'))
  return { spec, ...(tool === undefined ? {} : { tool }), ...(profile === undefined ? {} : { profile }), ...ledger.close(REASONS) }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function specOf(ledger: Ledger, role: string, prefill: number): Record<string, unknown> {
  const apart = prefill > 0
  const common = commonArgs(ledger)
  const { parallelism, replicas } = sizeOf(ledger, role)
  const settings = { tokenSecret: ledger.text('huggingface.secretName') ?? 'hf-token', cacheClaim: '' }
  const args = apart ? common : { ...common, ...roleArgs(ledger, role) }
  const sized = apart ? { roles: rolesOf(ledger, prefill) } : { replicas, parallelism }
  const rest = { ...modelOf(ledger), ...member('nodeSelector', nodeSelectorOf(ledger)), ...member('tolerations', ledger.take('tolerations') ?? ledger.take(`${role}.tolerations`)) }
  const scenario = { ...rest, accelerator: acceleratorOf(ledger, role, parallelism), serving: { engine: 'vllm', ...sized, ...member('args', args), settings } }
  if (apart) return scenario
  return { ...scenario, deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' }, values: valuesOf(ledger, role) }] }, endpoint: { service: '{{release.model}}', port: 8000, metrics: { port: 8000, path: '/metrics' } }, readiness: { timeout: '30m' } }
}

/** Prefill and decode apart: what each is, without a chart that would do it. */
function rolesOf(ledger: Ledger, prefill: number): Record<string, unknown> {
  ledger.missing('prefill.replicas', 'no chart that comes with Assay serves prefill and decode apart: deploy.releases and endpoint have to be written, with {{serving.roles.…}} in the values')
  const role = (name: string) => {
    const { replicas, parallelism } = sizeOf(ledger, name)
    return { replicas, parallelism, ...member('args', roleArgs(ledger, name)), ...member('resources', ledger.take(`${name}.resources`)) }
  }
  const roles = { prefill: { ...role('prefill'), replicas: prefill }, decode: role('decode') }
  if (roles.prefill.parallelism['tensor'] !== roles.decode.parallelism['tensor']) ledger.missing('prefill.parallelism', 'accelerator.perReplica is one number for both roles, so that GPUs are counted too high or too low')
  return roles
}

function modelOf(ledger: Ledger): Record<string, unknown> {
  const [hub, served, maxLength] = [ledger.text('model.huggingfaceId'), ledger.text('model.name'), ledger.number('model.maxModelLen')]
  if (hub !== undefined && served !== undefined && hub !== served) ledger.note('model.huggingfaceId', 'served under the name that the hub has')
  ledger.handled('model.shortName', 'model.path', 'model.size', 'model.cacheBase')
  return { model: { name: hub ?? served ?? 'unknown', ...(maxLength === undefined ? {} : { maxLength }) } }
}

const member = (name: string, value: unknown) => (value === undefined || (isObject(value) && Object.keys(value).length === 0) ? {} : { [name]: value })

function sizeOf(ledger: Ledger, role: string): { readonly replicas: number; readonly parallelism: Record<string, number> } {
  const of = (name: string) => ledger.number(`${role}.parallelism.${name}`)
  const [tensor, data] = [Math.max(1, of('tensor') ?? 1), Math.max(1, of('data') ?? 1)]
  ledger.handled(`${role}.parallelism.dataLocal`)
  if ((of('workers') ?? 1) > 1) ledger.drop(`${role}.parallelism.workers`, 'a replica on several nodes needs a chart that makes it')
  return { replicas: Math.max(1, ledger.number(`${role}.replicas`) ?? 1), parallelism: { tensor, ...(data > 1 ? { data } : {}) } }
}

const PRODUCT = /gpu\.product$/

/** A tensor-parallel size of 0 is how their files say that there is no accelerator. */
function acceleratorOf(ledger: Ledger, role: string, { tensor = 1, data = 1 }: Readonly<Record<string, number>>): Record<string, unknown> {
  const none = ledger.number(`${role}.parallelism.tensor`) === 0
  const [count, resource] = [ledger.number('accelerator.count'), ledger.text('accelerator.resource')]
  ledger.handled('accelerator.profile', 'accelerator.memory', 'accelerator.type')
  const product = PRODUCT.test(ledger.text('acceleratorType.labelKey') ?? '') ? ledger.text('acceleratorType.labelValue') : undefined
  return { ...(product === undefined || product === 'auto' ? {} : { product }), ...(resource === undefined || resource === 'auto' ? {} : { resource }), perReplica: none ? 0 : (count ?? tensor * data) }
}

function nodeSelectorOf(ledger: Ledger): Record<string, unknown> {
  const [key, value] = [ledger.text('acceleratorType.labelKey'), ledger.text('acceleratorType.labelValue')]
  const own = key === undefined || value === undefined || value === 'auto' || PRODUCT.test(key) ? {} : { [key]: value }
  ledger.handled('affinity.enabled')
  const given = ledger.take('affinity.nodeSelector') ?? ledger.take('nodeSelector')
  return { ...own, ...(isObject(given) ? given : {}) }
}

/** Values of the bundled chart: placed from the Scenario, with what only the chart knows beside it. */
function valuesOf(ledger: Ledger, role: string): Record<string, unknown> {
  const image = ledger.take(role === 'standalone' ? 'images.vllmOpenai' : 'images.vllm')
  if (ledger.has(role === 'standalone' ? 'images.vllm' : 'images.vllmOpenai')) ledger.handled('images.vllm', 'images.vllmOpenai')
  const resources = ledger.take(`${role}.resources`)
  const env = [ledger.take('extraEnvVars'), ledger.take('vllmCommon.extraEnvVars'), ledger.take(`${role}.extraEnvVars`)].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
  const shm = ledger.text('vllmCommon.shmMemory')
  return {
    replicaCount: '{{serving.replicas}}', tolerations: '{{scenario.tolerations}}', nodeSelector: '{{scenario.nodeSelector}}',
    model: { name: '{{model.name}}', maxLength: '{{model.maxLength}}' }, args: '{{serving.args}}', parallelism: { tensor: '{{parallelism.tensor}}', data: '{{parallelism.data}}' },
    gpu: { resource: '{{accelerator.resource}}', count: '{{accelerator.perReplica}}', product: "{{default accelerator.product ''}}" }, hub: { tokenSecretName: '{{serving.settings.tokenSecret}}' }, cache: { claimName: '{{serving.settings.cacheClaim}}' }, devMode: true,
    ...(isObject(image) ? { image: { repository: image['repository'], tag: image['tag'] } } : {}), ...(resources === undefined ? {} : { resources }), ...(env.length === 0 ? {} : { extraEnv: env }), ...(shm === undefined ? {} : { shm: { size: shm } }),
  }
}
