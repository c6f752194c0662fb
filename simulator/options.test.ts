// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { nearest } from './overlay.ts'
import { readCommand } from './options.ts'

const files: Readonly<Record<string, string>> = {
  'a.yaml': 'decode: { baseMs: 30, jitter: 0.1 }\nmodel: { name: from-file }\n',
  'b.json': '{"decode":{"baseMs":31}}',
  'list.yaml': '- 1\n',
  'empty.yaml': '',
}
const readFile = (path: string) => {
  const text = files[path]
  if (text === undefined) throw new Error(`no such file: ${path}`)
  return text
}
const read = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const command = readCommand(argv, { env, readFile })
  if (command.kind === 'help') throw new Error('help')
  return command.config
}

describe('settings come from', () => {
  it.each([
    ['nowhere', [], {}, { decode: { baseMs: 8 } }],
    ['a file', ['--config', 'a.yaml'], {}, { decode: { baseMs: 30, jitter: 0.1 }, model: { name: 'from-file' } }],
    ['a JSON file', ['--config=b.json'], {}, { decode: { baseMs: 31 } }],
    ['an empty file', ['--config', 'empty.yaml'], {}, { decode: { baseMs: 8 } }],
    ['a file that a variable names', [], { ASSAY_SIM_CONFIG: 'a.yaml' }, { decode: { baseMs: 30 } }],
    ['a variable, over the file', ['--config', 'a.yaml'], { ASSAY_SIM__DECODE__BASE_MS: '40' }, { decode: { baseMs: 40, jitter: 0.1 } }],
    ['the command line, over both', ['--config', 'a.yaml', '--decode.baseMs', '50'], { ASSAY_SIM__DECODE__BASE_MS: '40' }, { decode: { baseMs: 50, jitter: 0.1 } }],
    ['a deep variable', [], { ASSAY_SIM__DECODE__SPECULATION__DRAFT_TOKENS: '3' }, { decode: { speculation: { draftTokens: 3 } } }],
    ['flags of vLLM', ['--model', 'tiny', '--max-num-seqs=32', '--tensor-parallel-size', '2'], {}, { model: { name: 'tiny' }, batch: { maxSequences: 32 }, parameters: { tensorParallel: 2 } }],
    ['bare flags', ['--server.accessLog', '--no-enable-prefix-caching'], {}, { server: { accessLog: true }, cache: { prefixCaching: false } }],
    ['one value for a list', ['--served-model-name', 'alias'], {}, { model: { aliases: ['alias'] } }],
    ['a list', ['--served-model-name', '[a, b]'], {}, { model: { aliases: ['a', 'b'] } }],
    ['any parameter', ['--parameters.quantization', 'fp8'], {}, { parameters: { quantization: 'fp8', } }],
    ['the Secret for the key', [], { VLLM_API_KEY: 'k' }, { server: { apiKeys: ['k'] } }],
    ['variables that are not ours: not at all', [], { ASSAY_SIM_PORT: 'tcp://10.0.0.1:8000', VLLM_PORT: 'x' }, { server: { port: 8000 } }],
  ])('%s', (_, argv, env, expected) => expect(read(argv, env)).toMatchObject(expected))
})

describe('refused, with the nearest name', () => {
  it.each([
    ['a mistyped option', ['--decode.baseMS', '3'], {}, /--decode\.baseMS; did you mean --decode\.baseMs\?/],
    ['a mistyped variable', [], { ASSAY_SIM__DECODE__BASEMS: '3' }, /did you mean ASSAY_SIM__DECODE__BASE_MS\?/],
    ['a mistyped field of a file', ['--config', 'typo.yaml'], {}, /decode\.perSequencMs: unknown setting; did you mean decode\.perSequenceMs\?/],
    ['a mistyped group of a file', ['--config', 'group.yaml'], {}, /decod: unknown setting; did you mean decode\?/],
    ['a wrong type', ['--decode.baseMs', 'fast'], {}, /decode\.baseMs: .*expected number/],
    ['a value out of range', ['--failures.hang.share', '2'], {}, /failures\.hang\.share: /],
    ['a cache that is too small', ['--cache.blocks', '10'], {}, /cache\.blocks: the KV cache .* must hold/],
    ['a word without a flag', ['serve'], {}, /unexpected argument serve/],
    ['a file that is no map', ['--config', 'list.yaml'], {}, /list\.yaml: expected a map/],
  ])('%s', (_, argv, env, message) => {
    const typos: Readonly<Record<string, string>> = { 'typo.yaml': 'decode: { perSequencMs: 3 }', 'group.yaml': 'decod: {}' }
    expect(() => readCommand(argv, { env, readFile: (path) => typos[path] ?? readFile(path) })).toThrow(message)
  })
})

it('asks for help or for the configuration', () => {
  expect(readCommand(['--help'], { env: {}, readFile }).kind).toBe('help')
  expect(readCommand(['--print-config', '--seed', '9'], { env: {}, readFile })).toMatchObject({ kind: 'print', config: { random: { seed: 9 } } })
})

it.each([['decod', 'decode'], ['prefil', 'prefill'], ['zzzzzz', undefined]])('the nearest name to %s is %s', (name, expected) => {
  expect(nearest(name, ['decode', 'prefill', 'server'])).toBe(expected)
})
