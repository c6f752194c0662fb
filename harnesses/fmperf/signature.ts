// SPDX-License-Identifier: Apache-2.0
/** How files of fmperf are known: by the rows of its load generator. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = { heads: [members('exp_num_users', 'response_idx', 'duration_ms')] }
