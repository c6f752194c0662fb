// SPDX-License-Identifier: Apache-2.0
/** The form of native.json, which says of a run what its records do not. It knows neither disk nor network. */
import { z } from 'zod'
import { ClientHealth, StageWindow } from '../../operator/core/model/record.ts'

export const RECORDS_FILE = 'native.jsonl'
export const RESULT_FILE = 'native.json'
export const TOOL = { name: 'native', version: '0.1.0' } as const

export const NativeResult = z.object({
  tool: z.object({ name: z.literal(TOOL.name), version: z.string() }),
  /** False until the run has ended by itself or by TERM. */
  complete: z.boolean(),
  stages: z.array(StageWindow),
  client: ClientHealth,
  notes: z.array(z.string()),
})
export type NativeResult = z.infer<typeof NativeResult>
