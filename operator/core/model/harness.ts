// SPDX-License-Identifier: Apache-2.0
/** A tool that loads an endpoint and writes results: Harness. It knows no scenario. */
import { z } from 'zod'
import { count, EnvVar, openMap, Resources, text, Toleration } from './common.ts'
import { ResultMapping } from './result-mapping.ts'
import { API_KINDS, DATA_KINDS, LOAD_KINDS } from './workload-profile.ts'

/** The same for editors. */
const MAPPING_RULE = {
  anyOf: [
    { properties: { adapter: { const: 'mapping' } }, required: ['mapping'] },
    { properties: { adapter: { not: { const: 'mapping' } } }, not: { required: ['mapping'] } },
  ],
}

export const ADAPTERS = ['native', 'nop', 'inference-perf', 'guidellm', 'vllm-bench', 'fmperf', 'aiperf', 'genai-bench', 'lm-eval', 'benchmark-report', 'mapping'] as const

export const Supports = z.object({
  api: z.array(z.enum(API_KINDS)).min(1).max(8).default(['completions', 'chat']).meta({ description: 'Endpoints that this version of the tool can load.' }),
  load: z.array(z.enum(LOAD_KINDS)).max(16).meta({ description: 'Arrival processes that it can produce.' }),
  data: z.array(z.enum(DATA_KINDS)).max(16).meta({ description: 'Data that it can send; a plan that asks for more is refused.' }),
}).meta({ description: 'What the tool can express.' })

export const HarnessPod = z.object({
  resources: Resources.optional(),
  nodeSelector: openMap('Labels of the nodes on which the load generator may run.').optional(),
  tolerations: z.array(Toleration).max(32).optional().meta({ description: 'Tolerations of the load generator.' }),
  awayFromServer: z.boolean().default(true).meta({ description: 'Prefer a node without serving pods, so that the load does not disturb the server.' }),
  annotations: openMap('Annotations of the pod.').optional(),
}).meta({ description: 'The pod that runs the tool.' })

export const HarnessSpec = z.object({
  description: text('What the tool is.', 1024).optional(),
  image: text('Image, pinned by tag or digest; empty for a harness that needs no pod of its own tool (nop).', 512).default(''),
  version: text('Version of the tool, recorded in reports.', 64),
  supports: Supports,
  files: openMap('Files for the tool by name: Handlebars templates over endpoint, model, workload, trial and paths.').default({}),
  command: z.array(text('Word.', 4096)).max(128).default([]).meta({ description: 'Command line; words are templates too. The working directory is the results folder.' }),
  env: z.array(EnvVar).max(64).default([]).meta({ description: 'Environment of the tool.' }),
  results: z.object({
    adapter: text('Which adapter turns the native files into request records.', 64),
    folder: text('Folder within the results folder that the tool writes.', 128).default('.'),
    mapping: ResultMapping.optional(),
  }).refine((r) => (r.adapter === 'mapping') === (r.mapping !== undefined), { error: 'results: set mapping with adapter "mapping", and only with it' })
    .meta({ description: 'How results are read.', 'x-kubernetes-validations': [{ rule: '(self.adapter == \'mapping\') == has(self.mapping)', message: 'results: set mapping with adapter "mapping", and only with it', editor: MAPPING_RULE }] }),
  pod: HarnessPod.prefault({}),
  accuracyMs: z.number().min(0).max(10_000).meta({ description: 'Stated accuracy of the tool\'s time stamps, in milliseconds.' }).optional(),
  gracePeriodSeconds: count('How long the tool may take to end after TERM before it is killed.').default(10),
}).meta({ description: 'A load generator: image, command, files, what it can express and how its results are read.' })
export type HarnessSpec = z.infer<typeof HarnessSpec>
