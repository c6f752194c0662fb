// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Findings } from '../model/findings.ts'
import type { AdapterSummary } from '../model/record.ts'
import { servedOf } from './served.ts'
import { trialJob } from './testdata/trial.ts'

const model = { name: 'org/m-7b', revision: 'main', parameters: 7e9, quantization: 'none', dtype: 'bfloat16' }
const stack = { model, engine: 'vllm', engineArgs: {}, parallelism: { tensor: 2, pipeline: 1, data: 1, expert: 1 }, replicas: 3, accelerator: { product: 'L40S' } }
const there = { engine: 'vllm', replicas: 3, accelerator: 'L40S', parallelism: 'tensor=2' }

describe('what was served', () => {
  it.each<[string, object, AdapterSummary['served'], Findings['served']]>([
    ['is what the scenario declares', stack, undefined, { model, ...there }],
    ['arguments of the engine win', { ...stack, engineArgs: { quantization: 'fp8', dtype: 'half' } }, undefined, { model: { ...model, quantization: 'fp8', dtype: 'half' }, ...there }],
    ['a flag that was removed says nothing', { ...stack, engineArgs: { quantization: null } }, undefined, { model, ...there }],
    ['a tool that sets the engine up itself wins', stack, { model: 'x', dtype: 'float16', quantization: 'awq', parameters: 6.7e9 }, { model: { ...model, dtype: 'float16', quantization: 'awq', parameters: 6.7e9 }, ...there }],
    ['what nobody declared is not there', { ...stack, model: { name: 'm' }, accelerator: {}, parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 } }, {}, { model: { name: 'm' }, engine: 'vllm', replicas: 3 }],
  ])('%s', (...[, overlay, told, expected]) => expect(servedOf({ stack: { ...trialJob().stack, ...overlay } }, told)).toEqual(expected))

  it('of results that somebody brought is what their files say', () => {
    const { stack: unknown } = trialJob()
    expect(servedOf({ stack: unknown }, {}, true)).toBeUndefined()
    expect(servedOf({ stack: unknown }, { model: 'm', dtype: 'half' }, true)).toEqual({ model: { name: 'm', dtype: 'half' }, engine: 'unknown' })
  })
})
