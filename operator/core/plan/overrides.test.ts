// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { checkOverrides, overlaid } from './overrides.ts'

describe('overlaid', () => {
  it.each<[object, object, object]>([
    [{ a: 1 }, {}, { a: 1 }],
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { c: 4 }, e: 5 }, { a: 1, b: { c: 4, d: 3 }, e: 5 }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: { b: 1 } }, { a: 2 }, { a: 2 }],
    [{ a: 2 }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: 1, b: { c: 2 } }, { a: null, b: { c: null } }, { b: {} }],
  ])('%j under %j', (base, over, result) => {
    expect(overlaid(base as Record<string, unknown>, over as Record<string, unknown>)).toEqual(result)
  })
})

describe('checkOverrides', () => {
  const check = (overrides: Record<string, unknown>, takes: object = { args: true, config: 'x.yaml' }, name = 'tool') =>
    checkOverrides({ overrides }, { name, overrides: { args: false, ...takes } }, new Map([['mine', {}]])).map(formatProblem)

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}], ['what it takes', { tool: { args: ['--a', 1, true], config: { a: { b: null } } } }], ['other harnesses of the library', { mine: 1 }], ['harnesses that come with Assay', { 'vllm-bench': { args: 'whatever' } }],
  ])('lets %s be', (_, overrides) => {
    expect(check(overrides)).toEqual([])
  })

  it.each<[string, Record<string, unknown>, object, RegExp]>([
    ['a name that nobody has', { guidelm: {} }, {}, /^workload\.overrides\.guidelm: there is no harness called guidelm .*; did you mean guidellm\?$/],
    ['keys of a harness that takes none', { tool: { a: 1 } }, { config: undefined }, /^workload\.overrides\.tool: harness tool takes no overrides/],
    ['a member that it does not take', { tool: { arg: [] } }, { args: true, config: 'x' }, /^workload\.overrides\.tool\.arg: harness tool takes no arg .*did you mean args\?$/],
    ['config where only args are taken', { tool: { config: {} } }, { args: true, config: undefined }, /takes no config \(found config, expected args \(a list of words\)\)/],
    ['a text for arguments', { tool: { args: '--a' } }, { args: true }, /^workload\.overrides\.tool\.args: args of tool is of another type \(found text "--a"/],
    ['a list as configuration', { tool: { config: [] } }, { config: 'x' }, /^workload\.overrides\.tool\.config: config of tool is of another type/],
    ['no map', { tool: 3 }, { args: true }, /overrides of tool are no map \(found number 3/],
  ])('refuses %s', (_, overrides, takes, message) => {
    expect(check(overrides, { config: undefined, ...takes })).toEqual([expect.stringMatching(message)])
  })
})
