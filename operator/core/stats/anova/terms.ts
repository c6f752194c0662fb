// SPDX-License-Identifier: Apache-2.0
/** Factors → the terms of a linear model and their columns. Levels are coded so that effects of a factor sum to zero. */

export interface Factor {
  readonly name: string
  /** In their order: the first is low. */
  readonly levels: readonly string[]
  /** Index of the level of each row. */
  readonly codes: readonly number[]
}

export interface Term {
  readonly name: string
  readonly factors: readonly string[]
  readonly columns: readonly Float64Array[]
}

/** Main effects, then interactions up to that order. */
export function modelTerms(factors: readonly Factor[], order: number): Term[] {
  return interactions(factors.map(mainTerm), order)
}

/** The given main effects and their products up to that order. */
export function interactions(mains: readonly Term[], order: number): Term[] {
  const byOrder: { readonly term: Term; readonly last: number }[][] = [mains.map((term, last) => ({ term, last }))]
  for (let o = 2; o <= Math.min(order, mains.length); o++) {
    byOrder.push((byOrder.at(-1) as { term: Term; last: number }[]).flatMap(({ term, last }) =>
      mains.slice(last + 1).map((main, i) => ({ term: product(term, main), last: last + 1 + i }))))
  }
  return byOrder.flat().map(({ term }) => term)
}

/** How many columns such a model has, without making them. */
export function countColumns(levels: readonly number[], order: number): number {
  // Elementary symmetric polynomials of the degrees of freedom.
  const sums = [1, ...levels.map(() => 0)]
  levels.forEach((n, seen) => {
    for (let o = seen + 1; o >= 1; o--) sums[o] = (sums[o] as number) + (sums[o - 1] as number) * (n - 1)
  })
  return sums.slice(1, order + 1).reduce((a, b) => a + b, 0)
}

/** −1 for the first level, 1 for the level of the column: with two levels −1 and +1. */
export function mainTerm({ name, levels, codes }: Factor): Term {
  const columns = levels.slice(1).map((_, i) => Float64Array.from(codes, (code) => (code === i + 1 ? 1 : code === 0 ? -1 : 0)))
  return { name, factors: [name], columns }
}

function product(a: Term, b: Term): Term {
  return {
    name: `${a.name} × ${b.name}`, factors: [...a.factors, ...b.factors],
    columns: a.columns.flatMap((x) => b.columns.map((y) => x.map((value, i) => value * (y[i] as number)))),
  }
}
