// SPDX-License-Identifier: Apache-2.0
/** The English catalogue: the tables of all topics in one. Its keys are those that every other language must have. */
import { ADVICE } from './en/advice.ts'
import { AGREEMENT } from './en/agreement.ts'
import { BOARD } from './en/board.ts'
import { CAPACITY } from './en/capacity.ts'
import { COMPARE } from './en/compare.ts'
import { EFFECTS } from './en/effects.ts'
import { FIGURES } from './en/figures.ts'
import { GATE } from './en/gate.ts'
import { LISTS } from './en/lists.ts'
import { METRIC_TEXTS } from './en/metrics.ts'
import { MODELS } from './en/models.ts'
import { PAGE } from './en/page.ts'
import { REASONS } from './en/reasons.ts'
import { RESPONSES } from './en/responses.ts'
import { STORED } from './en/stored.ts'
import { TABLES } from './en/tables.ts'
import { TREND } from './en/trend.ts'
import { UPGRADE } from './en/upgrade.ts'

export const EN = {
  ...LISTS, ...METRIC_TEXTS, ...RESPONSES, ...REASONS, ...PAGE, ...TABLES, ...GATE, ...STORED, ...ADVICE, ...EFFECTS, ...FIGURES, ...AGREEMENT, ...COMPARE, ...CAPACITY, ...MODELS, ...BOARD, ...UPGRADE,
  ...TREND,
} as const
export type Catalogue = typeof EN

/** The same keys in another language. Placeholders are compared by a test. */
export type Translation<Table> = { readonly [Key in keyof Table]: string }
