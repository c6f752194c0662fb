// SPDX-License-Identifier: Apache-2.0
/** The forms in which commands write results to standard output. */
import { Option } from 'commander'
import { stringify } from 'yaml'
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { toCsv } from '../../core/report/to-csv.ts'
import { toJson } from '../../core/report/to-json.ts'
import { toMarkdown } from '../../core/report/to-markdown.ts'
import { resultText } from './result-text.ts'
import { trialLines } from './trial-table.ts'

const FORMS = ['table', 'wide', 'json', 'yaml', 'csv', 'markdown'] as const
export type ResultForm = (typeof FORMS)[number]

export function resultFormOption(): Option {
  return new Option('-o, --output <form>', 'how it is written').choices(FORMS).default('table')
}

export function formatResults(results: ExperimentResults, form: ResultForm, texts: Texts = ENGLISH): string {
  switch (form) {
    case 'table':
      return resultText(results, texts)
    case 'wide':
      return `${resultText(results, texts)}\n${trialLines(results).join('\n')}\n`
    case 'json':
      return toJson(results)
    case 'yaml':
      return stringify(JSON.parse(toJson(results)), { lineWidth: 0, aliasDuplicateObjects: false })
    case 'csv':
      return toCsv(results)
    case 'markdown':
      return toMarkdown(results, texts)
  }
}
