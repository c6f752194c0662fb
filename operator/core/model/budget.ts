// SPDX-License-Identifier: Apache-2.0
/** What an Experiment may spend, what it has spent, and at which prices. It computes nothing. */
import { z } from 'zod'
import { count, duration, text, timestamp } from './common.ts'

const currency = z.string().max(3).regex(/^[A-Z]{3}$/, 'expected a currency code of three capitals, such as USD').default('USD').meta({ description: 'Currency, as ISO 4217 writes it.' })
const NO_LIMIT = 'budget: set at least one of gpuHours, money, wallTime'

export const Budget = z.object({
  gpuHours: z.number().positive().max(1_000_000_000).meta({ description: 'GPU-hours: accelerators × the time that each stack stands, stand-up and teardown included.' }).optional(),
  money: z.object({
    amount: z.number().positive().max(1_000_000_000_000).meta({ description: 'Amount.' }),
    currency,
  }).meta({ description: 'Money: GPU-hours at the prices of prices or of the scenarios (accelerator.hourlyCost).' }).optional(),
  wallTime: duration('Time from the start; suspension does not count. Unlike execution.deadline it ends no running trial and is no failure by itself.').optional(),
}).refine((b) => b.gpuHours !== undefined || b.money !== undefined || b.wallTime !== undefined, { error: NO_LIMIT })
  .meta({
    description: 'What the Experiment may spend. A stack or trial that is not expected to fit any more is not begun; what runs ends, stacks come down, and raising the budget goes on.',
    'x-kubernetes-validations': [{ rule: 'has(self.gpuHours) || has(self.money) || has(self.wallTime)', message: NO_LIMIT, editor: { anyOf: [{ required: ['gpuHours'] }, { required: ['money'] }, { required: ['wallTime'] }] } }],
  })
export type Budget = z.infer<typeof Budget>

export const Prices = z.array(z.object({
  product: text('GPU product as accelerator.product has it, such as NVIDIA-H100-80GB-HBM3.', 128).min(1),
  amount: z.number().positive().max(1_000_000_000).meta({ description: 'Price of one accelerator for an hour.' }),
  currency,
})).max(64).refine((items) => new Set(items.map((i) => i.product)).size === items.length, { error: 'prices: two are of the same product' })
  .meta({ description: 'What accelerators cost, for scenarios that do not say it themselves (accelerator.hourlyCost).', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['product'] })
export type Prices = z.infer<typeof Prices>

/** Time in status is in whole words; seconds are fractions. */
const amount = (description: string) => z.number().min(0).meta({ description })

export const UsageStatus = z.object({
  gpuSeconds: amount('GPU-seconds of stacks that are gone.'),
  cost: amount('What they cost.').optional(),
  currency: text('Currency of the cost.', 3).optional(),
  standing: z.array(z.object({
    name: text('Stack.', 253), since: timestamp('Since when it is charged.'), gpus: count('Its accelerators.'), hourlyCost: amount('What one of them costs an hour.').optional(),
  })).max(1000).meta({ description: 'Stacks that stand and are charged until they are gone.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
}).meta({ description: 'What was really used: accelerators × the time that each stack stood.' })
export type UsageStatus = z.infer<typeof UsageStatus>

export const BudgetEnd = z.object({
  time: timestamp('When it was decided.'),
  message: text('What was used, what is missing, and what it would take.', 2048),
  budget: Budget,
}).meta({ description: 'Nothing more is begun, because the next stack or trial does not fit into this budget; another budget goes on.' })
export type BudgetEnd = z.infer<typeof BudgetEnd>
