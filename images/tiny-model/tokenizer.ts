// SPDX-License-Identifier: Apache-2.0
/** The models' tokenizer: bytes as GPT-2 writes them, merges that make each common word one token, and the files in which the hub keeps such a thing. */
import { ENGLISH } from '../../simulator/vocabulary.ts'
import { learnMerges, type Merge } from './bpe.ts'
import { POSITIONS } from './shape.ts'

export const SPECIAL = ['<|pad|>', '<|bos|>', '<|eos|>', '<|system|>', '<|user|>', '<|assistant|>', '<|tool|>'] as const
export const [PAD, BOS, EOS] = [0, 1, 2]
const MERGES = 4200

export interface Vocabulary {
  /** By their number: the special ones, the 256 bytes, then one for each merge. */
  readonly tokens: readonly string[]
  readonly merges: readonly Merge[]
}

/** Printable characters stand for themselves, the other bytes for characters from U+0100 on: a byte is one visible character, a space is Ġ. */
export function byteAlphabet(): readonly string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    return String.fromCodePoint(isPrintable ? byte : next++)
  })
}

export function makeVocabulary(): Vocabulary {
  const space = byteAlphabet()[32] ?? ''
  const words = new Map<string, number>()
  for (const word of ENGLISH) words.set(`${space}${word}`, 3).set(word, 1)
  const merges = learnMerges(words, MERGES)
  return { tokens: [...SPECIAL, ...byteAlphabet(), ...merges.map((pair) => pair.join(''))], merges }
}

/** What a model that nobody trained should never say: special tokens, which end answers, and single bytes that are no character of their own. */
export function isUnspeakable(token: number): boolean {
  const byte = token - SPECIAL.length
  return byte < 256 && !(byte >= 32 && byte <= 126)
}

export const CHAT_TEMPLATE = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|eos|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"

export function tokenizerFiles({ tokens, merges }: Vocabulary): Readonly<Record<string, object>> {
  const added = SPECIAL.map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }))
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    'tokenizer.json': {
      version: '1.0', truncation: null, padding: null, added_tokens: added, normalizer: null, pre_tokenizer: byteLevel, post_processor: null, decoder: byteLevel,
      model: {
        type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges,
      },
    },
    // a class that transformers 4 and 5 both know
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast', pad_token: SPECIAL[PAD], bos_token: SPECIAL[BOS], eos_token: SPECIAL[EOS], model_max_length: POSITIONS,
      clean_up_tokenization_spaces: false, chat_template: CHAT_TEMPLATE,
    },
  }
}
