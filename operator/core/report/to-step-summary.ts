// SPDX-License-Identifier: Apache-2.0
/** What a pipeline shows of a gate on the page of its run: the verdict, every rule, what speaks against the numbers, and the table folded away. */
import { adviceLines } from './markdown-findings.ts'
import { escapeMarkdown } from './markdown-text.ts'
import type { Texts } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import { headline } from './outcome.ts'
import { gateLines, objectionLines, resultLines } from './to-markdown.ts'
import type { ExperimentResults } from './results.ts'

const SIGNS = { good: '✅', doubt: '⚠️', bad: '❌' } as const
const SIGN_OF = { passed: SIGNS.good, failed: SIGNS.bad, insufficient: SIGNS.doubt }

export function toStepSummary(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { level, text } = headline(results)
  const sections = [
    [`## ${SIGNS[level]} ${escapeMarkdown(results.name)}`, '', texts.textOf(text)],
    gateLines(results, texts, SIGN_OF),
    objectionLines(results, texts),
    adviceLines(results, texts),
    // GitHub folds what is between the tags, and reads Markdown after an empty line.
    [`<details><summary>${texts.say('section.results')}</summary>`, '', ...resultLines(results, texts), '', '</details>'],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}
