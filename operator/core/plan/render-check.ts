// SPDX-License-Identifier: Apache-2.0
/** Renders what a plan would render, with made-up addresses, so that a template that fails is refused before anything is stood up. */
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { DEFAULT_PATHS, TrialJob } from '../model/trial-job.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { renderHarness } from './render-harness.ts'
import { renderScenario } from './render-scenario.ts'
import { isTemplate } from './render-tree.ts'

const EXAMPLE = { stackName: 'example-1-00000000-s1', namespace: 'example' } as const

export function checkScenarioTemplates(spec: ScenarioSpec, object: string): readonly Problem[] {
  const rendered = renderScenario(spec, { ...EXAMPLE, object })
  return rendered.ok ? [] : rendered.problems
}

/** Most harnesses read trial.json and have no templates; then there is nothing to render for every treatment. */
export function hasTemplates({ files, command, env }: HarnessSpec): boolean {
  return Object.keys(files).length > 0 || command.some(isTemplate) || env.some((v) => v.value !== undefined && isTemplate(v.value))
}

export function checkHarnessTemplates(specs: { readonly scenario: ScenarioSpec; readonly workload: WorkloadProfileSpec; readonly harness: HarnessSpec }, object: string): readonly Problem[] {
  const rendered = renderHarness(specs.harness, exampleJob(specs), object)
  return rendered.ok ? [] : rendered.problems
}

interface Specs { readonly scenario: ScenarioSpec; readonly workload: WorkloadProfileSpec; readonly harness: HarnessSpec }

/** What a trial would be told, as far as it is known before there is a stack. */
export function exampleJob({ scenario, workload, harness }: Specs): TrialJob {
  const { model, serving, accelerator } = scenario
  const tokenizer = workload.tokenizer.source === undefined ? {} : { tokenizer: '/assay/data/0/tokenizer.json' }
  const { data } = workload
  const fromFile = data.prompts ?? data.sharegpt ?? data.conversation ?? data.trace
  return TrialJob.parse({
    trial: { name: `${EXAMPLE.stackName}-r1`, namespace: EXAMPLE.namespace, uid: '00000000-0000-0000-0000-000000000000', attempt: 1, job: `${EXAMPLE.stackName}-r1-a1` },
    spec: { stackRef: { name: EXAMPLE.stackName }, workload, harness }, specDigest: '',
    endpoint: { url: 'http://example:8000', host: 'example', port: 8000, path: '', model: scenario.endpoint?.servedModel ?? model.name },
    stack: {
      name: EXAMPLE.stackName, gpus: 0, scrape: [], model: { name: model.name, revision: model.revision, quantization: model.quantization },
      engine: serving.engine, engineArgs: serving.args, replicas: serving.replicas, parallelism: serving.parallelism, accelerator, images: [],
    },
    caches: { policy: 'Distinct', how: '' }, paths: { ...DEFAULT_PATHS, ...tokenizer, ...(fromFile !== undefined && { data: '/assay/data/1' }) },
    results: { url: 'http://example', tokenPath: '/token' }, operatorVersion: '',
  })
}
