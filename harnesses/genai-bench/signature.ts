// SPDX-License-Identifier: Apache-2.0
/** How files of genai-bench are known. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = { heads: [members('aggregated_metrics', 'num_concurrency'), members('aggregated_metrics', 'iteration_type'), members('benchmark_version', 'cmd')] }
