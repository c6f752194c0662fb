// SPDX-License-Identifier: Apache-2.0
/** What the workload needs of a tokenizer. It reads no file: implementations are handed in. */

export interface Tokenizer {
  /** Name for the record. */
  readonly name: string
  /** Token ids of a text, special tokens (begin of text, templates) not added. */
  readonly encode: (text: string) => readonly number[]
  readonly decode: (ids: readonly number[]) => string
  readonly count: (text: string) => number
  /** Special tokens that most tools count with every text, such as a begin of text. */
  readonly specials: number
  /** All ids of the vocabulary but special tokens. */
  readonly ids: () => readonly number[]
}
