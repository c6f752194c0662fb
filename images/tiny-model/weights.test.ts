// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tensor } from './shape.ts'
import { SPECIAL } from './tokenizer.ts'
import { bfloat16Weights, float32Weights, int8Weights, NORMAL, spreadOf, toBfloat16 } from './weights.ts'

const projection: Tensor = { name: 'model.layers.0.mlp.up_proj.weight', shape: [128, 64], role: 'projection' }
const floats = (data: Buffer) => [...new Float32Array(Uint8Array.from(data).buffer)]
const fromBfloat16 = (bits: number) => new Float32Array(new Uint32Array([bits << 16]).buffer)[0] ?? 0
const spread = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

describe('bfloat16', () => {
  it.each([[1, 0x3F80], [-2, 0xC000], [0, 0], [3.140625, 0x4049], [1.00390625, 0x3F80], [1.01171875, 0x3F82]])('of %d is %d, ties to even', (value, bits) => expect(toBfloat16(value)).toBe(bits))

  it('is off by no more than its last bit', () => {
    fc.assert(fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (value) => {
      expect(Math.abs(fromBfloat16(toBfloat16(value)) / value - 1)).toBeLessThanOrEqual(2 ** -8)
    }))
  })
})

describe('weights', () => {
  it('spread as asked, around nothing', () => {
    const values = floats(float32Weights(1, projection))
    expect(spread(values) / spreadOf(projection)).toBeCloseTo(1, 1)
    expect(values.reduce((sum, value) => sum + value, 0) / values.length / spreadOf(projection)).toBeCloseTo(0, 1)
  })

  it('are the same again, and others for another seed or tensor', () => {
    expect(bfloat16Weights(1, projection)).toEqual(bfloat16Weights(1, projection))
    expect(bfloat16Weights(2, projection)).not.toEqual(bfloat16Weights(1, projection))
    expect(bfloat16Weights(1, { ...projection, name: 'other' })).not.toEqual(bfloat16Weights(1, projection))
    expect(bfloat16Weights(1, projection).subarray(0, 8).toString('hex')).toMatchInlineSnapshot(`"a2bd8abd1fbea2bd"`)
  })

  it('in four bytes are those in two', () => {
    const halves = new Uint16Array(Uint8Array.from(bfloat16Weights(1, projection)).buffer)
    expect(floats(float32Weights(1, projection))).toEqual([...halves].map(fromBfloat16))
  })

  it('in one byte are those in two, but for a 250th of the largest', () => {
    const { integers, scale } = int8Weights(1, projection)
    const values = floats(float32Weights(1, projection))
    const worst = Math.max(...values.map((value, at) => Math.abs(value - integers.readInt8(at) * scale)))
    expect(worst).toBeLessThan((NORMAL[255] ?? 0) * spreadOf(projection) / 250 + 2 ** -8 * Math.max(...values))
  })

  it('of norms are ones; rows of the head that must not be said are zeros', () => {
    expect(floats(float32Weights(1, { name: 'n', shape: [4], role: 'norm' }))).toEqual([1, 1, 1, 1])
    const head: Tensor = { name: 'lm_head.weight', shape: [SPECIAL.length + 256 + 2, 4], role: 'head' }
    const rows = floats(float32Weights(1, head))
    const isZero = (row: number) => rows.slice(row * 4, row * 4 + 4).every((value) => value === 0)
    expect([0, SPECIAL.length - 1, SPECIAL.length + 200].map(isZero)).toEqual([true, true, true])
    expect([SPECIAL.length + 97, SPECIAL.length + 256].map(isZero)).toEqual([false, false])
  })
})
