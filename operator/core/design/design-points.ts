// SPDX-License-Identifier: Apache-2.0
/** What a design is before levels are put in: points in coded units, and how they were constructed. */
import type { Problem } from '../model/problem.ts'
import type { Fraction } from './regular-fraction.ts'

/** How the points came about, for the properties of the design. */
export type Construction =
  | { readonly kind: 'regular'; readonly fraction: Fraction; readonly source: 'full' | 'generators' | 'catalogue'; readonly blockColumns: readonly number[] }
  | { readonly kind: 'plackettBurman'; readonly runs: number }
  | { readonly kind: 'centralComposite'; readonly corners: number; readonly axial: number; readonly fraction: Fraction }
  | { readonly kind: 'boxBehnken' }
  | { readonly kind: 'latinHypercube'; readonly optimised: boolean }
  | { readonly kind: 'sobol'; readonly scrambled: boolean }

export interface DesignPoints {
  /** One row a point. Coded: -1 and 1 at low and high, 0 in the middle; of space-filling designs from 0 to 1. */
  readonly rows: readonly (readonly number[])[]
  /** Block of each row, from 0; one block when not set. */
  readonly blocks?: readonly number[]
  /** How often the centre is measured in each block, besides the rows. */
  readonly center: number
  readonly construction: Construction
}
export type Built = { readonly ok: true; readonly points: DesignPoints } | { readonly ok: false; readonly problems: readonly Problem[] }

export const built = (points: DesignPoints): Built => ({ ok: true, points })
export const unbuilt = (...problems: readonly Problem[]): Built => ({ ok: false, problems })
