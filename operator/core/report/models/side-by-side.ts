// SPDX-License-Identifier: Apache-2.0
/** One model, or a small and a large one side by side: only scores of quality can say, and what both take is said with it. */
import { compareMetrics, type Verdict } from '../../stats/compare/verdict.ts'
import { armOfCell } from '../compare/arm.ts'
import type { Response } from '../response.ts'
import type { Cell } from '../results.ts'
import type { Group } from './groups.ts'
import { type QualityDifference, qualityDifferences, scoresOf } from './quality.ts'
import { NEEDS } from './responses.ts'
import type { Condition, Study } from './study.ts'

export interface SideBySide {
  readonly small: Group
  readonly large: Group
  readonly response: Response
  readonly condition: Condition
  /** Of the small one against the large one in latency, and of the large one in quality. */
  readonly latency: Verdict
  readonly cells: readonly [small: Cell, large: Cell]
  readonly quality: readonly QualityDifference[]
  /** `both`: the small one is surely faster and the large one surely answers better in some task and worse in none. */
  readonly answer: 'both' | 'small' | 'large' | 'mixed' | 'open'
  /** Most that each took; 0 without accelerators. */
  readonly gpus: readonly [small: number, large: number]
}
export type NoSideBySide = 'no scores' | 'one size' | 'no common task'

/** The smallest against the largest of those that have scores and a size; of several forms the least quantised. */
export function sideBySideOf(study: Study): SideBySide | NoSideBySide {
  const models = study.groups.filter((g) => g.model?.size != null)
  const scored = models.filter((g) => scoresOf(g).length > 0)
  if (study.groups.every((g) => scoresOf(g).length === 0)) return 'no scores'
  const largest = scored.at(-1)?.model?.size?.parameters
  const [small, large] = [scored[0], scored.find((g) => g.model?.size?.parameters === largest)]
  if (small === undefined || large === undefined || small.model?.size?.parameters === large.model?.size?.parameters) return 'one size'
  const quality = qualityDifferences(small, large).filter((q) => q.verdict !== 'no error')
  if (quality.length === 0) return 'no common task'
  const found = latencyOf(study, small, large)
  if (found === null) return 'no common task'
  return { small, large, quality, gpus: [gpusOf(small), gpusOf(large)], ...found, answer: answerOf(found.latency, quality) }
}

type Latency = Pick<SideBySide, 'response' | 'condition' | 'latency' | 'cells'>

/** At the first condition at which both were measured. */
function latencyOf(study: Study, small: Group, large: Group): Latency | null {
  for (const response of [...NEEDS.firstToken, ...NEEDS.answer]) {
    for (const condition of study.conditions) {
      const [a, b] = [study.cell(small, condition, response), study.cell(large, condition, response)]
      if (a === null || b === null || a.weak || b.weak || a.claimed !== b.claimed) continue
      const [latency] = compareMetrics([{ name: '', base: armOfCell(b, study.blocks), candidate: armOfCell(a, study.blocks), better: 'lower' }])
      if (latency !== undefined) return { response, condition, latency, cells: [a, b] }
    }
  }
  return null
}

function answerOf({ verdict }: Verdict, quality: readonly QualityDifference[]): SideBySide['answer'] {
  const [better, worse, faster] = [quality.some((q) => q.verdict === 'better'), quality.some((q) => q.verdict === 'worse'), verdict === 'better']
  if (better && !worse) return faster ? 'both' : 'large'
  if (!faster || (better && worse)) return 'mixed'
  return worse ? 'small' : 'open'
}

const gpusOf = ({ trials }: Group) => Math.max(0, ...trials.map((t) => t.findings.gpus))
