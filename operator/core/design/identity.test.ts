// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HarnessSpec } from '../model/harness.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { canonicalJson, withoutDefaults } from './canonical.ts'
import { jobName, releaseName, sha256Hex, shortHashes, specHash, stackName, treatmentHash, trialName } from './identity.ts'
import { derive, trialSeeds } from './seeds.ts'
import { HARNESS, SCENARIO, WORKLOAD } from './testdata/bases.ts'
import defaultsOnRecord from './testdata/defaults.golden.json' with { type: 'json' }
import { defaultsOf } from './testdata/defaults.ts'

const scenario = ScenarioSpec.parse(SCENARIO)
const workload = WorkloadProfileSpec.parse(WORKLOAD)
const harness = HarnessSpec.parse(HARNESS)

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [true, null, 'ü"'] }, '{"a":[true,null,"ü\\""],"b":1}'],
    [{ a: undefined, b: { d: 1, c: 2 } }, '{"b":{"c":2,"d":1}}'],
    [1.0, '1'], [-0, '0'], [1e21, '1e+21'], ['\u2028', '"\u2028"'], [[], '[]'], [{}, '{}'], [undefined, 'null'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('does not depend on the order of members, and means what JSON means', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(shuffledMembers(value))).toBe(canonicalJson(value))
    }))
  })
})

function shuffledMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffledMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, member]) => [key, shuffledMembers(member)]))
}

describe('sha256Hex', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j is the published one', (text, digest) => {
    expect(sha256Hex(text)).toBe(digest)
  })
})

describe('identities', () => {
  // An upgrade of the operator must not change these: names of finished trials are made of them, and a changed name is measured again.
  it('of a fixed input never change', () => {
    const hashes = { scenario: specHash(ScenarioSpec, scenario), workload: specHash(WorkloadProfileSpec, workload), harness: specHash(HarnessSpec, harness) }
    expect(hashes).toEqual({
      scenario: 'a0d1cf9b96a15272f702989bc102e6d15acc5cf70479ae9d53b2c93419227389',
      workload: '155efe348dfb15a32cab033108219cedad3ef7befc5f5528d5e6d542bce176af',
      harness: 'fbf511516fc59fa5789b46032869479bd07190d5c11e7fffe6c101d33f6e254b',
    })
    expect(treatmentHash(hashes)).toBe('ff763c2a757bad8042c386c88b2b0ae217a672a051c6c995df1b8a5857b37536')
  })

  it('are unchanged by a new member that has a default, at any depth', () => {
    const before = z.object({ a: z.int(), nested: z.object({ b: z.int().default(1) }).prefault({}), list: z.array(z.object({ c: z.int() })).default([]) })
    const after = z.object({
      a: z.int(), flag: z.boolean().default(false), nested: z.object({ b: z.int().default(1), extra: z.object({ d: z.int().default(7), e: z.array(z.int()).default([1]) }).prefault({}) }).prefault({}),
      list: z.array(z.object({ c: z.int(), mode: z.enum(['x', 'y']).default('x') })).default([]), gone: z.string().optional(),
    })
    const value = fc.record({ a: fc.integer(), nested: fc.option(fc.record({ b: fc.integer() }), { nil: undefined }), list: fc.option(fc.array(fc.record({ c: fc.integer() })), { nil: undefined }) })
    fc.assert(fc.property(value, (given) => {
      expect(specHash(after, after.parse(given))).toBe(specHash(before, before.parse(given)))
    }))
  })

  it('do not tell a default that was written out from one that was not', () => {
    expect(specHash(ScenarioSpec, ScenarioSpec.parse({ ...SCENARIO, readiness: { timeout: '25m' }, tolerations: [] }))).toBe(specHash(ScenarioSpec, scenario))
  })

  it('leave descriptions out, and nothing that is measured', () => {
    expect(specHash(ScenarioSpec, { ...scenario, description: 'words' })).toBe(specHash(ScenarioSpec, scenario))
    const changes = [
      { ...scenario, model: { ...scenario.model, name: 'other' } }, { ...scenario, serving: { ...scenario.serving, replicas: 2 } },
      { ...scenario, serving: { ...scenario.serving, args: {} } }, { ...scenario, serving: { ...scenario.serving, args: { 'max-num-seqs': null } } }, { ...scenario, nodeSelector: { a: 'b' } },
    ]
    expect(new Set([scenario, ...changes].map((s) => specHash(ScenarioSpec, s))).size).toBe(changes.length + 1)
  })

  it('keep an optional object that is there apart from one that is not', () => {
    const schema = z.object({ a: z.object({ b: z.int().default(1) }).optional() })
    expect(withoutDefaults(schema, schema.parse({ a: {} }))).toEqual({ a: {} })
    expect(withoutDefaults(schema, schema.parse({}))).toEqual({})
  })

  // A default that changes its value would change the meaning, or the hash, of every specification that relies on it: add a member instead.
  it('rest on defaults that never change', () => {
    const now: Record<string, Record<string, unknown>> = { scenario: defaultsOf(ScenarioSpec), workload: defaultsOf(WorkloadProfileSpec), harness: defaultsOf(HarnessSpec) }
    for (const [part, onRecord] of Object.entries(defaultsOnRecord)) {
      expect(Object.keys(onRecord).length).toBeGreaterThan(5)
      expect(Object.fromEntries(Object.keys(onRecord).map((path) => [path, now[part]?.[path]]))).toEqual(onRecord)
    }
  })
})

describe('shortHashes', () => {
  it('has 8 digits, and more only for those that begin alike, in any order', () => {
    const hashes = ['aaaaaaaa1111', 'aaaaaaaa2222', 'bbbbbbbb3333'].map((h) => h.padEnd(64, '0'))
    const expected = new Map([['aaaaaaaa1111', 'aaaaaaaa1111'], ['aaaaaaaa2222', 'aaaaaaaa2222'], ['bbbbbbbb3333', 'bbbbbbbb']].map(([h = '', s = '']) => [h.padEnd(64, '0'), s]))
    expect(shortHashes(hashes)).toEqual(expected)
    expect(shortHashes(hashes.toReversed())).toEqual(expected)
    expect(shortHashes([...hashes, ...hashes])).toEqual(expected)
  })

  it('is unique and a beginning of the whole', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 64, maxLength: 64 }), { maxLength: 20 }), (hashes) => {
      const short = shortHashes(hashes)
      expect(new Set(short.values()).size).toBe(hashes.length)
      for (const [hash, name] of short) expect(hash.startsWith(name)).toBe(true)
    }))
  })
})

describe('names', () => {
  const id = { experiment: 'chat', run: 2 }
  it.each([
    [stackName(id, '0a9ceeef', 1), 'chat-2-0a9ceeef-s1'], [trialName(id, '05f74cde', { stack: 2, run: 3 }), 'chat-2-05f74cde-s2-r3'],
    [jobName('chat-2-05f74cde-s2-r3', 1), 'chat-2-05f74cde-s2-r3-a1'], [releaseName('chat-2-0a9ceeef-s1', 'model'), 'chat-2-0a9ceeef-s1-model'],
  ])('%s', (name, expected) => {
    expect(name).toBe(expected)
  })
})

describe('trialSeeds', () => {
  const seeds = (treatment: string, replicate: { stack: number; run: number }, caches: 'Distinct' | 'Keep' = 'Distinct', seed = 7) => trialSeeds({ seed, treatment, replicate, caches })

  it('share arrivals within a replicate and nothing else', () => {
    const [a, b, other] = [seeds('t1', { stack: 1, run: 1 }), seeds('t2', { stack: 1, run: 1 }), seeds('t1', { stack: 1, run: 2 })]
    expect(a.arrival).toBe(b.arrival)
    expect(a.arrival).not.toBe(other.arrival)
    expect(new Set([a.content, b.content, other.content, seeds('t1', { stack: 2, run: 1 }).content]).size).toBe(4)
    expect(seeds('t1', { stack: 1, run: 1 }, 'Distinct', 8)).not.toEqual(a)
  })

  it('send the same prompts to a stack whose caches are kept', () => {
    expect(seeds('t1', { stack: 1, run: 1 }, 'Keep').content).toBe(seeds('t2', { stack: 1, run: 2 }, 'Keep').content)
    expect(seeds('t1', { stack: 1, run: 1 }, 'Keep').content).not.toBe(seeds('t1', { stack: 2, run: 1 }, 'Keep').content)
  })

  it('never change for a fixed input, and fit the model', () => {
    expect(seeds('05f74cde', { stack: 1, run: 1 })).toEqual({ arrival: 972_097_678, content: 1_223_131_314 })
    fc.assert(fc.property(fc.string(), (text) => {
      expect(derive(text)).toBeGreaterThanOrEqual(0)
      expect(derive(text)).toBeLessThanOrEqual(2_147_483_647)
      expect(Number.isInteger(derive(text))).toBe(true)
    }))
  })

  it('spread over their whole range', () => {
    const found = new Set(Array.from({ length: 10_000 }, (_, i) => derive(`content/7/${i}`)))
    expect(found.size).toBeGreaterThan(9_990)
    expect(Math.max(...found)).toBeGreaterThan(2_140_000_000)
  })
})
