// SPDX-License-Identifier: Apache-2.0
/** Writes small models for tests, which need no hub: `make-models.ts FOLDER [NAME…]`, a name being a size (tiny), its 8-bit kin (tiny-int8) or its file for llama.cpp (tiny.gguf). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gguf } from './gguf.ts'
import { hubModelFiles, PRECISIONS } from './hub-model.ts'
import { parameterCount, SHAPES, type Size } from './shape.ts'
import { makeVocabulary } from './tokenizer.ts'

const SEED = 20_261_122
const DEFAULT = ['tiny', 'tiny-int8', 'tiny.gguf', 'small', 'small-int8']

const [folder, ...names] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: make-models.ts FOLDER [NAME…]')
const vocabulary = makeVocabulary()

for (const name of names.length === 0 ? DEFAULT : names) {
  const [, size, kin] = /^([a-z]+)(-int8|\.gguf)?$/.exec(name) ?? []
  if (size === undefined || !(size in SHAPES)) throw new Error(`there is no model ${name}: a size is one of ${Object.keys(SHAPES).join(', ')}; -int8 and .gguf may follow it`)
  write(size as Size, kin)
  process.stdout.write(`${name}: ${(parameterCount(SHAPES[size as Size], vocabulary.tokens.length) / 1e6).toFixed(2)} million parameters\n`)
}

function write(size: Size, kin: string | undefined): void {
  if (kin === '.gguf') { save('.', `${size}.gguf`, gguf(size, vocabulary, SEED)); return }
  const precision = PRECISIONS[kin === undefined ? 0 : 1]
  for (const [file, data] of Object.entries(hubModelFiles({ size, precision, seed: SEED }, vocabulary))) save(`${size}${kin ?? ''}`, file, data)
}

/** Readable by all: servers run as another user, and say of what they may not read that it is not there. */
function save(model: string, file: string, data: Buffer): void {
  mkdirSync(join(folder ?? '', model), { recursive: true })
  writeFileSync(join(folder ?? '', model, file), data, { mode: 0o644 })
}
