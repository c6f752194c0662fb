// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Results } from '../model/experiment.ts'
import { formatProblem } from '../model/problem.ts'
import { Data } from '../model/workload-profile.ts'
import { checkFiles } from './check-files.ts'

const LINES = { lines: { input: { fixed: 50 }, output: { fixed: 5 } } }

describe('files in other tools\' forms', () => {
  it.each<[string, object, object, string]>([
    ['llmval of numbers', { correctness: {} }, { llmval: {} }, ''],
    ['llmperf of anything', LINES, { llmperf: {} }, ''],
    ['none', LINES, {}, ''],
    ['llmval of lines', LINES, { llmval: {} }, 'spec.results.files.llmval: llmval\'s files are of checked answers, and the workload checks none (found workload.data.lines, expected workload.data.correctness)'],
  ])('%s', (_, data, files, problem) => {
    expect(checkFiles({ data: Data.parse(data) }, Results.parse({ files }).files).map(formatProblem).join()).toBe(problem)
  })
})
