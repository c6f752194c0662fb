// SPDX-License-Identifier: Apache-2.0
/** The form of what optimum-benchmark writes: the report phase by phase, its configuration, and what CodeCarbon wrote beside it. */
import { z } from 'zod'
import { maybeNumber, Statistics } from '../reading/shape.ts'

const Latency = z.looseObject({ count: maybeNumber, total: maybeNumber, mean: maybeNumber })
const Rate = z.looseObject({ value: maybeNumber })
export const Phase = z.looseObject({
  memory: Statistics.nullish(), latency: Latency.nullish(), throughput: Rate.nullish(), energy: Statistics.nullish(), efficiency: Rate.nullish(),
})
export type Phase = z.output<typeof Phase>

const Config = z.looseObject({
  backend: z.looseObject({ name: z.string().nullish(), model: z.string().nullish(), device: z.string().nullish(), no_weights: z.boolean().nullish() }).nullish(),
  scenario: z.looseObject({
    input_shapes: z.looseObject({ batch_size: maybeNumber }).nullish(), generate_kwargs: z.looseObject({ max_new_tokens: maybeNumber, num_beams: maybeNumber }).nullish(),
  }).nullish(),
  launcher: z.looseObject({ name: z.string().nullish() }).nullish(),
  environment: z.looseObject({ optimum_benchmark_version: z.string().nullish() }).nullish(),
})
export type Config = z.output<typeof Config>

/** A report is phases by name, or the traceback of what failed. */
const Report = z.record(z.string(), z.unknown())
export const BenchmarkFile = z.looseObject({ config: Config.nullish(), report: Report.nullish() })
export const ReportFile = Report

export const Carbon = z.looseObject({ duration: maybeNumber, cpu_power: maybeNumber, ram_power: maybeNumber, gpu_power: maybeNumber, tracking_mode: z.string().nullish() })
export type Carbon = z.output<typeof Carbon>
/** What our run.py writes of CodeCarbon's own account of itself. */
export const Sources = z.looseObject({ cpu: z.string().nullish(), gpu: z.string().nullish(), ram: z.string().nullish() })
export type Sources = z.output<typeof Sources>
