// SPDX-License-Identifier: Apache-2.0
/** How files of the benchmark of local models are known. */
import type { Signature } from '../reading/signature.ts'

export const signature: Signature = { names: /(^|\/)local-models\.json$/ }
