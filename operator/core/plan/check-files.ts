// SPDX-License-Identifier: Apache-2.0
/** Whether a workload gives what the files in other tools' forms are made of. It makes none. */
import type { z } from 'zod'
import type { Results } from '../model/experiment.ts'
import type { Problem } from '../model/problem.ts'
import { dataKind, type WorkloadProfileSpec } from '../model/workload-profile.ts'

export function checkFiles({ data }: Pick<WorkloadProfileSpec, 'data'>, files: z.infer<typeof Results>['files']): Problem[] {
  if (files?.llmval === undefined || data.correctness !== undefined) return []
  return [{
    reason: 'NotExpressible', path: 'spec.results.files.llmval', message: 'llmval\'s files are of checked answers, and the workload checks none', found: `workload.data.${dataKind(data)}`, expected: 'workload.data.correctness',
  }]
}
