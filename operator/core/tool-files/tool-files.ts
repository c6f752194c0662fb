// SPDX-License-Identifier: Apache-2.0
/** The files in other tools' forms that a trial is asked to leave (results.files). It writes none. */
import type { Records } from '../model/record.ts'
import { flattened } from './llmperf-common.ts'
import { llmperfCorrectness } from './llmperf-correctness.ts'
import { llmperfLoad } from './llmperf-load.ts'
import { llmval } from './llmval.ts'
import type { ToolFile, ToolFilesInput, ToolFileWriter } from './tool-file.ts'

/** Records are read once, in order, and only where a file is asked for. */
export async function toolFilesOf(input: ToolFilesInput & { readonly records: Records }): Promise<ToolFile[]> {
  const writers = writersOf(input)
  if (writers.length === 0) return []
  for await (const record of input.records) for (const writer of writers) writer.add(record)
  return writers.flatMap((writer) => writer.files())
}

function writersOf(input: ToolFilesInput): ToolFileWriter[] {
  const { results, workload } = input.job.spec
  const { llmperf, llmval: asked } = results.files ?? {}
  const test = workload.data.correctness === undefined ? llmperfLoad : llmperfCorrectness
  return [...(llmperf === undefined ? [] : [test(input, flattened(llmperf.metadata))]), ...(asked === undefined ? [] : [llmval(input, asked.framework)])]
}
