// SPDX-License-Identifier: Apache-2.0
/** Writes the schema of the settings into the schema of the chart, so that Helm refuses a wrong setting before a pod starts. `node simulator/chart-schema.ts` */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { SimulatorConfig } from './config.ts'

const FILE = new URL('../charts/simulator/values.schema.json', import.meta.url)

type Schema = { readonly properties: Readonly<Record<string, unknown>> }

/** The chart's schema with the settings as they are now; the rest of it stays. */
export function withSettings(chart: Schema): Schema {
  const { $schema: _, ...settings } = z.toJSONSchema(SimulatorConfig, { io: 'input', target: 'draft-7' })
  return { ...chart, properties: { ...chart.properties, simulator: settings } }
}

export function readChartSchema(): Schema {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Schema
}

if (import.meta.main) writeFileSync(FILE, `${JSON.stringify(withSettings(readChartSchema()), null, 2)}\n`)
