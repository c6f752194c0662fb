// SPDX-License-Identifier: Apache-2.0
/** How long planning 10,000 trials takes, with the specification of every Stack, each made and dropped as the operator does. */
import { buildPlan, stackSpecOf } from '../operator/core/plan/plan.ts'
import { figure, type Figure } from './figure.ts'
import { experimentSpec, libraryObjects, libraryOf, SHAPES, TRIALS } from './library.ts'

const ROUNDS = 5
const REACH = { by: 'median', atMost: 1 } as const

export async function benchPlan(): Promise<Figure[]> {
  const library = libraryOf(await libraryObjects())
  return Object.entries(SHAPES).flatMap(([shape, design]) => {
    const rounds = Array.from({ length: ROUNDS }, () => planOnce(library, design))
    const of = (unit: string, pick: (round: Round) => number, more: object) => figure({ part: 'plan', what: shape, unit, values: rounds.map(pick), ...more })
    const note = `${rounds[0]?.stacks ?? 0} stand-ups; the first round is that of a cold process`
    return [of('CPU-s', (r) => r.cpuSeconds, { goal: REACH, note }), of('s wall', (r) => r.wallSeconds, {})]
  })
}

interface Round { readonly cpuSeconds: number; readonly wallSeconds: number; readonly stacks: number }

function planOnce(library: ReturnType<typeof libraryOf>, design: object): Round {
  const cpu = process.cpuUsage()
  const began = performance.now()
  const result = buildPlan({ experiment: { name: 'bench', spec: experimentSpec(design), run: 1 }, library })
  if (!result.ok) throw new Error(`the design does not plan: ${JSON.stringify(result.problems)}`)
  const { plan } = result
  if (plan.trials.length !== TRIALS) throw new Error(`${plan.trials.length} trials were planned, not ${TRIALS}`)
  for (const { index } of plan.stacks) stackSpecOf(plan, index)
  const { user, system } = process.cpuUsage(cpu)
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - began) / 1000, stacks: plan.stacks.length }
}
