// SPDX-License-Identifier: Apache-2.0
/** What a pipeline shows of a gate on the page of its run: the verdict, every rule, what speaks against the numbers, and the table folded away. */
import { adviceLines } from './markdown-findings.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { headline } from './outcome.ts'
import { gateLines, objectionLines, resultLines } from './to-markdown.ts'
import type { ExperimentResults } from './results.ts'

const SIGNS = { good: '✅', doubt: '⚠️', bad: '❌' } as const

export function toStepSummary(results: ExperimentResults): string {
  const { level, text } = headline(results)
  const sections = [
    [`## ${SIGNS[level]} ${escapeMarkdown(results.name)}`, '', text],
    gateLines(results).map((line) =>
      line.replace(
        /\| (passed|failed|insufficient) \|/,
        (_, result: string) => `| ${SIGNS[result === 'passed' ? 'good' : result === 'failed' ? 'bad' : 'doubt']} ${result} |`,
      ),
    ),
    objectionLines(results),
    adviceLines(results),
    // GitHub folds what is between the tags, and reads Markdown after an empty line.
    ['<details><summary>Results</summary>', '', ...resultLines(results), '', '</details>'],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}
