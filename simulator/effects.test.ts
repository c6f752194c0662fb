// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { applyEffects } from './effects.ts'

const base = { prefill: { baseMs: 10, perTokenMs: 1 }, decode: { baseMs: 8, perSequenceMs: 2 }, cache: { blocks: 10_000 } }
const apply = (input: object) => applyEffects(SimulatorConfig.parse({ ...base, ...input }))

describe('effects', () => {
  it.each([
    ['a power law', { tp: 4 }, { parameter: 'tp', on: ['decode.baseMs'], power: -0.5 }, 4],
    ['a power law about a reference', { tp: 4 }, { parameter: 'tp', on: ['decode.baseMs'], power: -0.5, reference: 4 }, 8],
    ['a slope', { len: 30 }, { parameter: 'len', on: ['decode.baseMs'], slope: 0.1, reference: 20 }, 16],
    ['a factor by word', { quantization: 'fp8' }, { parameter: 'quantization', on: ['decode.baseMs'], factors: { fp8: 0.5 } }, 4],
    ['a word that has no factor', { quantization: 'awq' }, { parameter: 'quantization', on: ['decode.baseMs'], factors: { fp8: 0.5 } }, 8],
    ['a parameter that is not set', {}, { parameter: 'tp', on: ['decode.baseMs'], power: -0.5 }, 8],
    ['another target', { tp: 4 }, { parameter: 'tp', on: ['prefill.baseMs'], power: -0.5 }, 8],
    ['an interaction that holds', { tp: 4, eager: true }, { parameter: 'tp', on: ['decode.baseMs'], power: -0.5, where: { eager: true } }, 4],
    ['an interaction that does not hold', { tp: 4, eager: false }, { parameter: 'tp', on: ['decode.baseMs'], power: -0.5, where: { eager: true } }, 8],
  ])('multiply by %s', (_, parameters, effect, expected) => {
    expect(apply({ parameters, effects: [effect] }).decode.baseMs).toBeCloseTo(expected, 10)
  })

  it('multiply each other', () => {
    const effects = [{ parameter: 'a', on: ['prefill.perTokenMs', 'cache.blocks'], power: 1 }, { parameter: 'b', on: ['prefill.perTokenMs'], power: 2 }]
    const config = apply({ parameters: { a: 2, b: 3 }, effects })
    expect(config.prefill.perTokenMs).toBe(18)
    expect(config.cache.blocks).toBe(20_000)
  })

  it('make tensor parallelism faster by default, with a larger cache', () => {
    const one = apply({ parameters: { tensorParallel: 1 } })
    const four = apply({ parameters: { tensorParallel: 4 } })
    expect(one).toMatchObject(base)
    expect(four.decode.baseMs).toBeCloseTo(8 * 4 ** -0.6)
    expect(four.cache.blocks).toBe(40_000)
  })

  it('never leave a cache that cannot hold one sequence', () => {
    expect(apply({ parameters: { a: 0.001 }, effects: [{ parameter: 'a', on: ['cache.blocks'], power: 1 }] }).cache.blocks).toBe(16_384 / 16)
  })

  it('refuse a law that leads to no time at all', () => {
    expect(() => apply({ parameters: { a: 100 }, effects: [{ parameter: 'a', on: ['decode.baseMs'], slope: -1 }] })).toThrow(/a=100.*expected a positive number/)
  })

  it('have exactly one law', () => {
    expect(() => apply({ effects: [{ parameter: 'a', on: ['decode.baseMs'], slope: 1, power: 1 }] })).toThrow(/exactly one of/)
  })
})
