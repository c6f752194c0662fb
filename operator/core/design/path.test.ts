// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPath, getAt, parsePath, type Segment, setAt } from './path.ts'

const key = (k: string): Segment => ({ kind: 'key', key: k })
const item = (name: string): Segment => ({ kind: 'item', name })
const index = (i: number): Segment => ({ kind: 'index', index: i })

function segmentsOf(text: string): readonly Segment[] {
  const parsed = parsePath(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.segments
}

describe('parsePath', () => {
  it.each<[string, Segment[]]>([
    ['scenario.serving.parallelism.tensor', [key('scenario'), key('serving'), key('parallelism'), key('tensor')]],
    ['workload.load.poisson.stages[high].rate', [key('workload'), key('load'), key('poisson'), key('stages'), item('high'), key('rate')]],
    ['stages[0]', [key('stages'), index(0)]],
    ['stages[007]', [key('stages'), item('007')]],
    ['args["a.b"].c', [key('args'), key('a.b'), key('c')]],
    [String.raw`args['it\'s']`, [key('args'), key("it's")]],
    ['args.gpu-memory-utilization', [key('args'), key('gpu-memory-utilization')]],
    ['a[b][1]["c"]', [key('a'), item('b'), index(1), key('c')]],
    ['stages.0.rate', [key('stages'), key('0'), key('rate')]],
  ])('%s', (text, expected) => {
    expect(parsePath(text)).toEqual({ ok: true, segments: expected })
  })

  it.each([
    ['', 0, 'the path is empty'],
    ['.a', 0, 'expected a name'],
    ['a..b', 2, 'expected a name after "."'],
    ['a.', 2, 'expected a name after "."'],
    ['a[b', 1, 'this "[" is never closed'],
    ['a[]', 2, 'expected the name of an item'],
    ['a["b]', 2, 'this quote is never closed'],
    ['a["b"x]', 5, 'expected "]" after the quoted key'],
    ['a[b]c', 4, 'expected "." or "["'],
    ['a b', 1, 'expected "." or "["'],
  ])('%j is refused at %i', (text, at, message) => {
    const parsed = parsePath(text)
    expect(parsed.ok ? undefined : parsed.error).toMatchObject({ at, message: expect.stringContaining(message) as string })
  })

  it('reads back what formatPath wrote', () => {
    const segment = fc.oneof(
      fc.string({ minLength: 1, maxLength: 8 }).map(key), fc.nat(1e6).map(index),
      fc.string({ unit: fc.constantFrom('a', 'z', '-'), minLength: 1, maxLength: 5 }).map(item), fc.constantFrom('a.b', "it's", '"', 'a[0]', String.raw`\n`, '\n\t', '__proto__').map(key),
    )
    fc.assert(fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
      expect(segmentsOf(formatPath(segments))).toEqual(segments)
    }))
  })
})

const PROFILE = { load: { stages: [{ name: 'low', rate: 1 }, { name: 'high', rate: 8 }] }, args: { 'a.b': 1 } }

describe('getAt and setAt', () => {
  it.each([
    ['load.stages[high].rate', 8], ['load.stages[1].rate', 8], ['load.stages.low.rate', 1], ['args["a.b"]', 1],
    ['load.stages[none].rate', undefined], ['load.nothing.at.all', undefined], ['args.constructor', undefined],
  ])('reads %s', (path, expected) => {
    expect(getAt(PROFILE, segmentsOf(path))).toBe(expected)
  })

  it('sets one place, shares the rest and leaves the old value alone', () => {
    const next = setAt(PROFILE, segmentsOf('load.stages[high].rate'), 64) as typeof PROFILE
    expect(next.load.stages).toEqual([{ name: 'low', rate: 1 }, { name: 'high', rate: 64 }])
    expect(PROFILE.load.stages[1]?.rate).toBe(8)
    expect(next.args).toBe(PROFILE.args)
    expect(next.load.stages[0]).toBe(PROFILE.load.stages[0])
  })

  it('makes missing objects, takes members out with undefined, and never reaches a prototype', () => {
    expect(setAt({}, segmentsOf('a.b.c'), 1)).toEqual({ a: { b: { c: 1 } } })
    expect(setAt({ a: 1, b: 2 }, segmentsOf('a'), undefined)).toEqual({ b: 2 })
    const next = setAt({}, segmentsOf('__proto__.polluted'), true) as object
    expect(Object.hasOwn(next, '__proto__')).toBe(true)
    expect('polluted' in {}).toBe(false)
  })

  it('refuses to invent a list item', () => {
    expect(() => setAt(PROFILE, segmentsOf('load.stages[none].rate'), 1)).toThrow('there is no item "none"')
  })

  it('gives back what was set', () => {
    const path = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c').map(key), fc.string({ minLength: 1 }).map(key)), { minLength: 1, maxLength: 4 })
    fc.assert(fc.property(fc.object(), path, fc.integer(), (value, segments, level) => {
      fc.pre(!hasListOnTheWay(value, segments))
      expect(getAt(setAt(value, segments, level), segments)).toBe(level)
    }))
  })
})

const hasListOnTheWay = (value: unknown, segments: readonly Segment[]) => segments.some((_, i) => Array.isArray(getAt(value, segments.slice(0, i))))
