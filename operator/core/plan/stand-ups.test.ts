// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SCENARIO } from '../design/testdata/bases.ts'
import { standUpsOf } from './stand-ups.ts'
import { experimentSpec, library, planned } from './testdata/example.ts'

const row = (replicate: number, upgrades?: string) => ({ block: 0, replicate, ...(upgrades !== undefined && { upgrades }) })

describe('how stacks come up', () => {
  it.each<[string, ReturnType<typeof row>[], number, number]>([
    ['all are installed where the scenario does not say that an upgrade is safe', [row(1), row(1), row(1)], 1, 3],
    ['the first of a replicate is installed', [row(1, 'x'), row(1, 'x'), row(1, 'x'), row(2, 'x'), row(2, 'x'), row(2, 'x')], 1, 2],
    ['as many as are up at once are', [row(1, 'x'), row(1, 'x'), row(1, 'x'), row(2, 'x'), row(2, 'x'), row(2, 'x')], 2, 4],
    ['stacks of other releases break the row', [row(1, 'x'), row(1, 'y'), row(1, 'x'), row(1, 'x')], 1, 3],
    ['and so does one that is not to be upgraded', [row(1, 'x'), row(1), row(1, 'x')], 1, 3],
  ])('%s', (_, stacks, parallel, installed) => expect(standUpsOf(stacks, parallel)).toEqual({ installed, upgraded: stacks.length - installed }))
})

describe('stacks of a plan', () => {
  const scenario = (upgradeInPlace: boolean) => ({ ...SCENARIO, deploy: { ...SCENARIO.deploy, upgradeInPlace } })
  const stacksOf = (upgradeInPlace: boolean, factor: object = {}) =>
    planned(experimentSpec({ scenarioRef: undefined, scenario: scenario(upgradeInPlace) }, { fullFactorial: { factors: [{ name: 'f', path: 'scenario.serving.parallelism.tensor', levels: [1, 2], ...factor }] }, replicates: { stacks: 2 } }), { library }).stacks

  it('can be upgraded to each other where values alone differ', () => expect(new Set(stacksOf(true).map((s) => s.upgrades)).size).toBe(1))
  it('cannot where charts differ', () => {
    const version = { path: 'scenario.deploy.releases[model].chart.bundled', levels: ['vllm', 'server'] }
    expect(new Set(stacksOf(true, version).map((s) => s.upgrades)).size).toBe(2)
  })
  it('cannot by default, and then are called what they were called before', () => {
    expect(stacksOf(false).map((s) => s.upgrades)).toEqual([undefined, undefined, undefined, undefined])
    const names = planned(experimentSpec({ scenarioRef: undefined, scenario: SCENARIO })).stacks.map((s) => s.name)
    expect(planned(experimentSpec({ scenarioRef: undefined, scenario: scenario(false) })).stacks.map((s) => s.name)).toEqual(names)
    expect(planned(experimentSpec({ scenarioRef: undefined, scenario: scenario(true) })).stacks.map((s) => s.name)).not.toEqual(names)
  })
})
