// SPDX-License-Identifier: Apache-2.0
/** How files of lm-eval are known. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = { names: /(^|\/)results_[0-9]{4}-[0-9]{2}-[0-9]{2}T[^/]*\.json$/, heads: [members('results', 'alias', 'sample_len'), members('results', 'n-samples')] }
