// SPDX-License-Identifier: Apache-2.0
/** The parts of a design that grow from what is measured: searches for a capacity, stopping when an interval is narrow, dropping the worst. */
import { z } from 'zod'
import { exactlyOne, identifier, refined, text } from './common.ts'

const response = (description: string) => text(description, 256).min(1)

/** Most loads of one search, and trials of one load. */
export const MAX_PROBES = 40
export const MAX_PROBE_TRIALS = 50

export const SearchLoad = z.object({
  name: identifier('Name of the load in tables and reports.'),
  path: text('The rate or concurrency that is searched: a dotted path under workload.load, such as workload.load.poisson.stages[main].rate.', 512).min(1),
  lower: z.number().positive().meta({ description: 'Lowest load that is tried; without it the search goes down as far as it must.' }).optional(),
  upper: z.number().positive().meta({ description: 'Highest load that is tried; without it the search goes up until the objectives are missed.' }).optional(),
  start: z.number().positive().meta({ description: 'First load; the geometric middle of lower and upper when not set.' }).optional(),
  unit: text('Unit of the load, for tables and axes.', 32).optional(),
}).meta({ description: 'The load that is searched.' })
export type SearchLoad = z.infer<typeof SearchLoad>

/** The members of design.search beside its crossed factors. */
export const SEARCH_SETTINGS = {
  load: SearchLoad,
  objectives: z.array(text('A rule such as value(attainment) >= 99 % or p99(ttft) <= 500ms. Without a stage it is of the stage whose load is searched.', 512)).min(1).max(8)
    .meta({ description: 'What a load must meet, all of it; with spec.slo the default is value(attainment) >= 99 %.', 'x-kubernetes-list-type': 'atomic' }).optional(),
  tolerance: z.number().min(0.005).max(0.5).default(0.03).meta({ description: 'Width of the answer\'s interval at which the search ends, as a share of the load.' }),
  probes: z.int().min(3).max(MAX_PROBES).default(12).meta({ description: 'Most loads that are tried on each stand-up.' }),
  replicates: z.int().min(1).max(20).default(2).meta({ description: 'Trials of each load before it is judged. One knows nothing of noise.' }),
  maxReplicates: z.int().min(1).max(MAX_PROBE_TRIALS).default(6).meta({ description: 'Most trials of one load; one that cannot be told by then counts as not met, and the report says so.' }),
}

const HALF_WIDTHS = ['relative', 'absolute'] as const
export const Until = z.object({
  response: response('What must be known well, such as p50(ttft, stage=main) or value(output_throughput, stage=main).'),
  relative: z.number().min(0.0001).max(1).meta({ description: 'Half width of the interval, as a share of the mean.' }).optional(),
  absolute: text('Half width of the interval, with its unit, such as 20ms.', 32).optional(),
  confidence: z.number().min(0.5).max(0.999).default(0.95).meta({ description: 'Confidence of the interval (Student).' }),
  unit: z.enum(['stacks', 'runs']).default('stacks').meta({ description: 'What is repeated: stand-ups, in complete blocks of all treatments, or runs, on each stand-up by itself.' }),
  min: z.int().min(2).max(1000).default(3).meta({ description: 'Replicates that are made in any case.' }),
  max: z.int().min(2).max(1000).meta({ description: 'Most replicates.' }),
}).refine(...refined(HALF_WIDTHS, 'until'))
  .meta({ description: 'Repeat until the interval of a response is narrow enough for every treatment. The number of stacks or runs beside it is then not set.', 'x-kubernetes-validations': [exactlyOne(HALF_WIDTHS, 'until')] })
export type Until = z.infer<typeof Until>

export const SuccessiveHalving = z.object({
  objective: response('What the best is told by, such as value(goodput, stage=main) or p99(ttft, stage=main); the catalogue of metrics knows whether lower or higher is better.'),
  eta: z.int().min(2).max(10).default(3).meta({ description: 'After each rung the best 1/eta go on, with eta times as many replicates.' }),
  rungs: z.int().min(2).max(10).meta({ description: 'How often the field is measured; as many as leave one treatment when not set.' }).optional(),
  min: z.int().min(1).max(100).default(1).meta({ description: 'Replicates of every treatment in the first rung.' }),
  unit: z.enum(['stacks', 'runs']).default('stacks').meta({ description: 'What is repeated: stand-ups, or runs where all treatments share one setup.' }),
  margin: z.number().min(0).max(0.5).default(0.02).meta({ description: 'A treatment this near to the last that goes on goes on too, as a share of its value: differences below it are ties.' }),
}).meta({ description: 'Measures all treatments a little, and ever fewer of them ever better: the worst are dropped after each rung.' })
export type SuccessiveHalving = z.infer<typeof SuccessiveHalving>
