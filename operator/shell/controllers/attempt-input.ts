// SPDX-License-Identifier: Apache-2.0
/** Everything that the pod of one attempt is told, from the Trial, its Stack and the nodes. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../core/design/canonical.ts'
import type { ImageSeen } from '../../core/model/deployed.ts'
import type { Startup } from '../../core/model/startup.ts'
import type { Stack, Trial } from '../../core/model/kinds.ts'
import type { EndpointSpec, ScenarioSpec } from '../../core/model/scenario.ts'
import type { PrometheusSpec } from '../../core/model/scenario-metrics.ts'
import { DEFAULT_PATHS, PROMETHEUS_ENV, TOKEN_PATH, TrialJob } from '../../core/model/trial-job.ts'
import { servedModel } from '../../core/plan/served-model.ts'
import { renderHarness } from '../../core/plan/render.ts'
import { type AttemptInput, mountedPath, PROMETHEUS_CA_PATH, sources } from '../../core/reconcile/trial-objects.ts'
import { trialEndpoint } from '../../core/reconcile/trial-endpoint.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { TerminalError } from '../kube/controller.ts'
import { renderStack } from './stack-render.ts'
import type { World } from './world.ts'

export function attemptInput(world: World, trial: Trial, at: { readonly number: number; readonly stack: Stack; readonly cacheTrouble?: string | undefined }): AttemptInput {
  const { number, stack, cacheTrouble } = at
  const rendered = renderStack(world, stack)
  if (!rendered.ok) throw new TerminalError(`Stack ${stack.metadata.name}: ${rendered.message}`)
  const { spec, endpoint = NO_ENDPOINT } = rendered
  const job = TrialJob.parse({
    trial: { name: trial.metadata.name, namespace: trial.metadata.namespace, uid: trial.metadata.uid, attempt: number, job: `${trial.metadata.name}-a${number}`, experiment: trial.metadata.labels?.['assay.dev/experiment'] },
    spec: trial.spec, specDigest: createHash('sha256').update(canonicalJson(trial.spec)).digest('hex'),
    endpoint: trialEndpoint(stack.status?.endpoint?.url ?? endpoint.url ?? '', endpoint, spec), stack: stackFacts(stack, spec, trial.spec.harness.inProcess),
    caches: { policy: trial.spec.caches, how: cacheTrouble ?? HOW[trial.spec.caches], failed: cacheTrouble !== undefined },
    paths: { ...DEFAULT_PATHS, ...sourcePaths(trial) },
    results: { url: world.config.resultsUrl, tokenPath: TOKEN_PATH }, operatorVersion: world.config.version,
  })
  const harness = renderHarness(trial.spec.harness, job)
  if (!harness.ok) throw new TerminalError(`the harness cannot be rendered: ${harness.problems.map(formatProblem).join('; ')}`)
  const { refusals } = harness.value
  if (refusals.length > 0) throw new TerminalError(`harness ${trial.spec.harnessName} cannot express ${refusals.join('; ')}`)
  const servingNodes = [...new Set((stack.status?.pods ?? []).flatMap((p) => (p.node === undefined ? [] : [p.node])))]
  return { trial, job, rendered: harness.value, endpoint, image: world.config.image, servingNodes, ...(trial.spec.harness.inProcess && { engine: spec }) }
}

const HOW: Readonly<Record<Trial['spec']['caches'], string>> = {
  Distinct: 'prompts differ from those of every other trial', Reset: 'the engine\'s reset endpoints were called on every pod',
  Restart: 'the serving pods were restarted', Keep: 'caches were kept as they were',
}

/** In-process harnesses have no endpoint. */
const NO_ENDPOINT = { url: 'http://127.0.0.1', port: 80, path: '', api: 'openai', headers: {}, resetPaths: [] } as unknown as EndpointSpec

function stackFacts(stack: Stack, spec: ScenarioSpec, inProcess: boolean): TrialJob['stack'] {
  const { pods = [], nodes = [], releases = [], factsDigest, gpus = 0, startupSeconds, upgradedFrom } = stack.status ?? {}
  const images = new Map(pods.flatMap((p) => p.containers ?? []).map(({ name, image, imageID, args }) => [name, { name, image, digest: imageID, args } satisfies ImageSeen]))
  const startup: Startup = {
    pods: pods.map(({ pod, node, phases = [], imagePulled, imagePullSeconds, servedBefore, engine, logProblem }) => ({
      pod, phases, ...(node !== undefined && { node }), ...(imagePulled !== undefined && { imagePulled }), ...(imagePullSeconds !== undefined && { imagePullSeconds }),
      ...(servedBefore !== undefined && { servedBefore }), ...(engine !== undefined && { engine }), ...(logProblem !== undefined && { logProblem }),
    })),
    ...(upgradedFrom !== undefined && { upgradedFrom }), ...(startupSeconds !== undefined && { totalSeconds: startupSeconds }),
  }
  return {
    name: stack.metadata.name, gpus, nodes, deployed: spec.deploy !== undefined, ...metricSources(stack, spec), ...(factsDigest !== undefined && { factsDigest }), startup,
    model: servedModel(spec.model, inProcess),
    engine: spec.serving.engine, engineArgs: spec.serving.args, replicas: spec.serving.replicas, parallelism: spec.serving.parallelism,
    accelerator: spec.accelerator, images: [...images.values()],
    charts: releases.map(({ name, chart = '', chartDigest, valuesDigest }) => ({ release: name, chart, digest: chartDigest, valuesDigest })),
  }
}

type Sources = Pick<TrialJob['stack'], 'scrape' | 'targets' | 'prometheus' | 'notes'>

/** Where metrics are found, and a word where something was asked for and is not there. */
function metricSources(stack: Stack, { endpoint }: ScenarioSpec): Sources {
  const { scrape = [], targets = [] } = stack.status?.endpoint ?? {}
  const { gpu, router, prometheus } = endpoint?.metrics ?? {}
  const missing = (kind: 'gpu' | 'router', where: string) =>
    `endpoint.metrics.${kind}: no such pod ${where} is seen; a namespace that the operator does not watch cannot be looked into: no metrics of it`
  return {
    scrape, targets,
    ...(prometheus && { prometheus: prometheusOf(prometheus) }),
    notes: [
      ...(gpu !== undefined && !targets.some((t) => t.kind === 'gpu') ? [missing('gpu', `on the serving nodes in namespace ${gpu.namespace}`)] : []),
      ...(router !== undefined && !targets.some((t) => t.kind === 'router') ? [missing('router', 'in the stack\'s namespace')] : []),
    ],
  }
}

function prometheusOf({ credentials, ca, ...source }: PrometheusSpec): NonNullable<Sources['prometheus']> {
  return {
    ...source, ...(credentials && { credential: { header: credentials.header, prefix: credentials.prefix, env: PROMETHEUS_ENV } }), ...(ca && { ca: PROMETHEUS_CA_PATH }),
  }
}

function sourcePaths(trial: Trial): Pick<TrialJob['paths'], 'tokenizer' | 'data'> {
  return Object.fromEntries(sources(trial).map(({ what, source }, i) => [what, mountedPath(source, i)]))
}
