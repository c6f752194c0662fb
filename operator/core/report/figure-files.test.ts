// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { figureFiles } from './figure-files.ts'
import { sampleExperiment } from './testdata/experiment.ts'

const files = figureFiles(analyze(await sampleExperiment({ rates: [8, 24], requests: 140 })))

it('are all that the report draws, each under a name of its own', () => {
  const names = files.map((f) => f.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(['tradeoff-latency-against-throughput', 'effects-p50-ttft-in-stage-high-main-effects', 'load-time-to-first-token-p99', 'server-kv-cache-usage', 'startup-start-up-phases']))
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/)
})

it('need no page: title, colours and legend are in them', () => {
  for (const { svg } of files) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="[\d.]+" height="[\d.]+"/)
    expect(svg).not.toMatch(/var\(--|currentColor|<style|href/)
    expect(svg).toMatch(/<title>[^<]+<\/title>/)
  }
  expect(files.find((f) => f.name.startsWith('load'))?.svg).toContain('batch=8')
})
