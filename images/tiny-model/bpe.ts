// SPDX-License-Identifier: Apache-2.0
/** Learns byte-pair merges from counted words, the same way on every machine; knows nothing of files. */

export type Merge = readonly [string, string]

interface Counted { symbols: string[]; readonly count: number }

/** Merges in the order of learning, until every word is one symbol or the limit is reached. Equal counts go by the pair's text. */
export function learnMerges(words: ReadonlyMap<string, number>, limit: number): Merge[] {
  const corpus: Counted[] = [...words].map(([word, count]) => ({ symbols: Array.from(word), count }))
  const merges: Merge[] = []
  while (merges.length < limit) {
    const best = mostFrequentPair(corpus)
    if (best === undefined) break
    merges.push(best)
    for (const word of corpus) word.symbols = merge(word.symbols, best)
  }
  return merges
}

/** A word as the merges leave it; the tokenizer's own algorithm, for tests and for what has to be one token. */
export function applyMerges(word: string, merges: readonly Merge[]): string[] {
  return merges.reduce((symbols: string[], pair) => merge(symbols, pair), Array.from(word))
}

function mostFrequentPair(corpus: readonly Counted[]): Merge | undefined {
  const counts = new Map<string, number>()
  for (const { symbols, count } of corpus) {
    for (let at = 1; at < symbols.length; at++) {
      const pair = `${symbols[at - 1]} ${symbols[at]}`
      counts.set(pair, (counts.get(pair) ?? 0) + count)
    }
  }
  let best: [string, number] | undefined
  for (const [pair, count] of counts) if (best === undefined || count > best[1] || (count === best[1] && pair < best[0])) best = [pair, count]
  return best === undefined ? undefined : (best[0].split(' ') as unknown as Merge)
}

function merge(symbols: readonly string[], [left, right]: Merge): string[] {
  const merged: string[] = []
  for (const symbol of symbols) {
    if (symbol === right && merged.at(-1) === left) merged[merged.length - 1] = left + right
    else merged.push(symbol)
  }
  return merged
}
