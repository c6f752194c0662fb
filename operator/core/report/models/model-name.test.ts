// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formInName, isMixture, plainName, sizeInName } from './model-name.ts'

describe('the size in a name', () => {
  it.each<[string, number | undefined, number?]>([
    ['meta-llama/Llama-3.2-1B-Instruct', 1e9], ['facebook/opt-1.3b', 1.3e9], ['facebook/opt-350m', 350e6], ['HuggingFaceTB/SmolLM2-135M', 135e6], ['Qwen/Qwen2.5-0.5B', 0.5e9],
    ['Qwen/Qwen3-30B-A3B', 30e9, 3e9], ['Qwen/Qwen3-235B-A22B-FP8', 235e9, 22e9], ['EleutherAI/pythia-6.9b-deduped', 6.9e9], ['tiny_7B.awq', 7e9],
    // Not to be read, or not to be told.
    ['mistralai/Mixtral-8x7B-v0.1', undefined], ['google/gemma-3n-E2B-it', undefined], ['openai-community/gpt2-medium', undefined], ['unsloth/Model-4bit', undefined],
    ['microsoft/Phi-3-mini-4k-instruct', undefined], ['org/distil-7B-from-70B', undefined], ['org-7B/plain', undefined], ['x-v1.5b2', undefined],
  ])('%s', (name, parameters, active) => {
    expect(sizeInName(name)).toEqual(parameters === undefined ? undefined : { parameters, ...(active !== undefined && { active }) })
  })

  it.each([['Qwen3-30B-A3B', true], ['Mixtral-8x7B', true], ['Llama-3.1-8B', false], ['phi-a3-mini', false]])('mixture of experts: %s %s', (name, expected) => expect(isMixture(name)).toBe(expected))
})

describe('the form in a name', () => {
  it.each<[string, string | undefined, string]>([
    ['meta-llama/Llama-3.1-70B-Instruct', undefined, 'llama-3.1-70b-instruct'],
    ['RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8', 'fp8', 'llama-3.1-70b-instruct'],
    ['RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8-dynamic', 'fp8-dynamic', 'llama-3.1-70b-instruct'],
    ['RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16', 'w4a16', 'llama-3.1-8b-instruct-quantized'],
    ['TheBloke/Llama-2-7B-Chat-GPTQ', 'gptq', 'llama-2-7b-chat'], ['Qwen/Qwen2.5-7B-Instruct-AWQ', 'awq', 'qwen2.5-7b-instruct'],
    ['Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4', 'gptq-int4', 'qwen2.5-7b-instruct'], ['unsloth/llama-3-8b-bnb-4bit', 'bnb-4bit', 'llama-3-8b'],
    ['org/opt-125m-8bit', '8bit', 'opt-125m'], ['model-Q4_K_M', 'q4_k_m', 'model'],
  ])('%s', (name, form, plain) => expect([formInName(name), plainName(name)]).toEqual([form, plain]))
})
