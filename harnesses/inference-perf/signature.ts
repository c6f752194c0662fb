// SPDX-License-Identifier: Apache-2.0
/** How files of inference-perf are known. */
import type { Signature } from '../reading/signature.ts'

export const signature: Signature = { names: /(^|\/)(per_request|summary|stage_[0-9]+)_lifecycle_metrics\.json$/ }
