// SPDX-License-Identifier: Apache-2.0
/** Measures Assay itself: `node bench/run.ts [part…]`. One table on standard output, the same with conditions in .build/bench/bench.json. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeConditions, observeConditions } from './conditions.ts'
import type { Figure } from './figure.ts'
import { ROOT } from './library.ts'
import { tableOf } from './table.ts'

const PARTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  plan: async () => (await import('./plan.ts')).benchPlan(),
  status: async () => (await import('./status-size.ts')).benchStatusSize(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  native: async () => (await import('./loads.ts')).benchNative(),
  simulator: async () => (await import('./loads.ts')).benchSimulated(),
  trials: async () => (await import('./trials.ts')).benchTrials(),
}

await main(process.argv.slice(2))

async function main(named: readonly string[]): Promise<void> {
  const unknown = named.find((name) => PARTS[name] === undefined)
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are: ${Object.keys(PARTS).join(', ')}`)
  const conditions = observeConditions()
  const figures: Figure[] = []
  const failed: string[] = []
  for (const name of named.length === 0 ? Object.keys(PARTS) : named) {
    process.stderr.write(`measuring ${name} …\n`)
    await PARTS[name]?.().then((more) => figures.push(...more), (error: unknown) => failed.push(`${name}: ${String(error)}`))
  }
  const measured = { conditions: conditions(), figures, failed }
  const folder = join(ROOT, '.build/bench')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'bench.json'), `${JSON.stringify(measured, undefined, 2)}\n`)
  process.stdout.write(`${tableOf(figures)}\n\n${describeConditions(measured.conditions)}\n`)
  for (const problem of failed) process.stdout.write(`NOT MEASURED ${problem}\n`)
  if (failed.length > 0) process.exitCode = 1
}
