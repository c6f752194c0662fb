// SPDX-License-Identifier: Apache-2.0
/** Renders what a plan would render, with made-up addresses, so that a template that fails is refused before anything is stood up. */
import { credentialHeader } from '../model/endpoint-api.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { DEFAULT_PATHS, TrialJob } from '../model/trial-job.ts'
import { dataSource, textForm, type WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { Conversation } from '../workload/deal.ts'
import { textOf } from '../workload/expand-input.ts'
import { servedModel } from './served-model.ts'
import { renderHarness, renderRefusals } from './render-harness.ts'
import { inputSets } from './render-inputs.ts'
import { renderScenario } from './render-scenario.ts'
import { isTemplate } from './render-tree.ts'
import type { Fit } from './treatments.ts'

const EXAMPLE = { stackName: 'example-1-00000000-s1', namespace: 'example' } as const

export function checkScenarioTemplates(spec: ScenarioSpec, object: string): readonly Problem[] {
  const rendered = renderScenario(spec, { ...EXAMPLE, object })
  return rendered.ok ? [] : rendered.problems
}

/** Some harnesses read trial.json and have no templates; then there is nothing to render for every treatment. */
export function hasTemplates({ files, command, env, inputs, notes, refuses }: HarnessSpec): boolean {
  return Object.keys(files).length > 0 || command.some(isTemplate) || env.some((v) => v.value !== undefined && isTemplate(v.value)) || inputs.length > 0 || notes.length > 0 || refuses.length > 0
}

/** What a trial is made of, and the name of its harness. */
export interface HarnessSpecs { readonly scenario: ScenarioSpec; readonly workload: WorkloadProfileSpec; readonly harness: HarnessSpec; readonly name: string }

/** Everything that is rendered for a trial, with requests that are made up. */
export function checkHarnessTemplates({ object, ...specs }: HarnessSpecs & { readonly object: string }): Fit {
  const job = exampleJob(specs)
  const rendered = renderHarness(specs.harness, job, object)
  if (!rendered.ok) return { problems: rendered.problems, notes: [] }
  const { notes, refusals } = rendered.value
  const refused = refusals.map((refusal): Problem => ({ reason: 'NotExpressible', path: 'workload', message: `harness ${specs.name} cannot express ${refusal}`, found: refusal }))
  return { problems: refused.length > 0 ? refused : checkInputs(job, object), notes }
}

/** Whether a harness that declares the abilities has nothing against this workload. */
export const refusesNothing = (specs: HarnessSpecs) => renderRefusals(specs.harness, exampleJob(specs)).length === 0

function checkInputs(job: TrialJob, object: string): readonly Problem[] {
  const sets = inputSets(job, { object })
  if (!sets.ok) return sets.problems
  return sets.value.flat().flatMap(({ name, runs, text }) => {
    try {
      for (const _ of text(runs.map((run) => ({ run, conversations: [exampleConversation(job.spec.workload)] })))) continue
      return []
    } catch (error) {
      return [{ reason: 'BadTemplate' as const, object, path: `spec.inputs[${name}]`, message: (error as Error).message }]
    }
  })
}

/** Two turns where there are turns, a time where there are times. */
export function exampleConversation({ api, data, load }: WorkloadProfileSpec): Conversation {
  const several = data.conversation !== undefined || data.synthetic?.turns !== undefined
  return (several ? [0, 1] : [0]).map((turn) => ({
    id: several ? `s1t${turn + 1}` : 'r1', ...(several && { session: 's1', turn }), ...textOf(textForm(api.kind), '…'), inputTokens: 16, outputTokens: 8, ...(load.trace !== undefined && { atMs: 0 }),
  }))
}

/** What a trial would be told, as far as it is known before there is a stack. */
export function exampleJob({ scenario, workload, harness, name }: HarnessSpecs): TrialJob {
  const { model, serving, accelerator } = scenario
  const tokenizer = workload.tokenizer.source === undefined ? {} : { tokenizer: '/assay/data/0/tokenizer.json' }
  const { data } = workload
  const fromFile = dataSource(data)
  return TrialJob.parse({
    trial: { name: `${EXAMPLE.stackName}-r1`, namespace: EXAMPLE.namespace, uid: '00000000-0000-0000-0000-000000000000', attempt: 1, job: `${EXAMPLE.stackName}-r1-a1` },
    spec: { stackRef: { name: EXAMPLE.stackName }, workload, harness, harnessName: name }, specDigest: '',
    endpoint: exampleEndpoint(scenario),
    stack: {
      name: EXAMPLE.stackName, gpus: 0, scrape: [], model: servedModel(model, harness.inProcess),
      engine: serving.engine, engineArgs: serving.args, replicas: serving.replicas, parallelism: serving.parallelism, accelerator, images: [],
    },
    caches: { policy: 'Distinct', how: '' }, paths: { ...DEFAULT_PATHS, ...tokenizer, ...(fromFile !== undefined && { data: '/assay/data/1' }) },
    results: { url: 'http://example', tokenPath: '/token' }, operatorVersion: '',
  })
}

function exampleEndpoint({ model, endpoint }: ScenarioSpec): object {
  const { servedModel, headers, credentials, ca, url = 'http://example:8000', api = 'openai' } = endpoint ?? {}
  const { hostname, port, pathname } = new URL(isTemplate(url) ? 'http://example:8000' : url)
  return {
    url, host: hostname, port: port === '' ? 80 : Number(port), path: pathname === '/' ? '' : pathname, model: servedModel ?? model.name, headers, api,
    ...(credentials !== undefined && { credential: { ...credentialHeader(api, credentials), env: 'ASSAY_CREDENTIAL' } }), ...(ca !== undefined && { ca: '/assay/ca/ca.crt' }),
  }
}
