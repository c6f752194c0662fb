// SPDX-License-Identifier: Apache-2.0
/** How strictly an Experiment is held to what can be known before accelerators are taken. */
import { z } from 'zod'

export const PREFLIGHT_MODES = ['Enforce', 'Warn', 'Off'] as const
export const Preflight = z.object({
  mode: z.enum(PREFLIGHT_MODES).default('Enforce').meta({ description: 'Enforce refuses what certainly cannot work and warns of what may not; Warn only warns, such as where an autoscaler brings nodes that are not there yet; Off does not look.' }),
}).meta({ description: 'Checks before anything is stood up: accelerators, quotas, volumes, configuration, memory of the model, parallelism, context length.' })
export type Preflight = z.infer<typeof Preflight>
