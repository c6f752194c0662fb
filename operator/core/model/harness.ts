// SPDX-License-Identifier: Apache-2.0
/** A tool that loads an endpoint and writes results: Harness. It knows no scenario. */
import { z } from 'zod'
import { anyValue, count, EnvVar, namedOnce, openMap, Resources, text, Toleration } from './common.ts'
import { ENDPOINT_APIS } from './endpoint-api.ts'
import { FEATURE_TEXTS, FEATURES, USUAL_FEATURES } from './harness-features.ts'
import { ResultMapping } from './result-mapping.ts'
import { API_KINDS, DATA_KINDS, DISTRIBUTIONS, LOAD_KINDS } from './workload-profile.ts'

/** The same for editors. */
const MAPPING_RULE = {
  anyOf: [
    { properties: { adapter: { const: 'mapping' } }, required: ['mapping'] },
    { properties: { adapter: { not: { const: 'mapping' } } }, not: { required: ['mapping'] } },
  ],
}

export const ADAPTERS = ['native', 'nop', 'inference-perf', 'guidellm', 'vllm-bench', 'fmperf', 'aiperf', 'genai-bench', 'lm-eval', 'optimum-benchmark', 'transformers', 'benchmark-report', 'mapping'] as const

export const Supports = z.object({
  api: z.array(z.enum(API_KINDS)).min(1).max(8).default(['completions', 'chat']).meta({ description: 'Endpoints that this version of the tool can load.' }),
  protocols: z.array(z.enum(ENDPOINT_APIS)).min(1).max(16).default(['openai']).meta({ description: 'Protocols of endpoints (endpoint.api of the scenario) that it speaks.' }),
  load: z.array(z.enum(LOAD_KINDS)).max(16).meta({ description: 'Arrival processes that it can produce.' }),
  data: z.array(z.enum(DATA_KINDS)).max(16).meta({ description: 'Data that it can send; a plan that asks for more is refused. With inputs it sends the trial\'s own requests, whatever they were made of.' }),
  lengths: z.array(z.enum(DISTRIBUTIONS)).max(16).default([...DISTRIBUTIONS]).meta({ description: 'Distributions that its own generator can draw lengths from; of no meaning with inputs.' }),
  features: z.array(z.enum(FEATURES)).max(64).default([...USUAL_FEATURES]).meta({
    description: `What else it can do: ${FEATURES.map((feature) => `${feature} (${FEATURE_TEXTS[feature]})`).join(', ')}.`,
  }),
}).meta({ description: 'What the tool can express.' })

export const INPUT_FORMATS = ['jsonl', 'json', 'csv'] as const
const HarnessInput = z.object({
  name: text('Name of the file, a template over stage: requests-{{stage.id}}.jsonl makes one for each of warmup, stage-0, stage-1, … with the requests of that stage. Stages with the same name share a file, one after the other. No stage repeats another\'s prompts.', 253),
  format: z.enum(INPUT_FORMATS).meta({ description: 'One JSON value a line, one JSON list, or CSV with the keys of the first row as its header.' }),
  per: z.enum(['request', 'session']).default('request').meta({ description: 'Whether a row is one request or all turns of one session ({{#each turns}}).' }),
  each: anyValue('One row: a tree whose leaves are templates and keep their types, or one template that writes the row itself.'),
}).meta({ description: 'A file that is made of the trial\'s requests before the tool starts, in the folder {{paths.in}}.' })
export type HarnessInput = z.infer<typeof HarnessInput>

const HarnessOverrides = z.object({
  config: text('Name (as in files) of the file that overrides.NAME.config of the workload is laid over: maps member by member, null removes.', 253).optional(),
  args: z.boolean().default(false).meta({ description: 'Whether templates place {{overrides.args}}, further words of the command line.' }),
}).meta({ description: 'How workload.overrides reach the tool.' })

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
  inProcess: z.boolean().default(false).meta({ description: 'The tool runs the engine itself, in the trial\'s own pod: it wants a scenario without endpoint.' }),
  inputs: z.array(HarnessInput).max(8).refine(...namedOnce('inputs')).default([]).meta({
    description: 'Files made of the trial\'s own requests, for a tool that reads its prompts from files.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
  }),
  files: openMap('Files for the tool by name, in the folder {{paths.config}}: Handlebars templates over endpoint, model, workload, stages, trial and paths. A name with {{stage.id}} stands for one file for each of runs.').default({}),
  command: z.array(text('Word.', 4096)).max(128).default([]).meta({ description: 'Command line; words are templates too. The working directory is the results folder.' }),
  env: z.array(EnvVar).max(64).default([]).meta({ description: 'Environment of the tool.' }),
  overrides: HarnessOverrides.prefault({}),
  refuses: z.array(text('Template.', 2048)).max(16).default([]).meta({ description: 'What this tool cannot express for all that supports says, as templates: a plan for which one of them writes something is refused with it ("cannot express …").' }),
  notes: z.array(text('Template.', 2048)).max(16).default([]).meta({ description: 'What this tool does otherwise than the workload says, as templates: what they write is shown with the plan.' }),
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
