// SPDX-License-Identifier: Apache-2.0
/** How files of aiperf are known. */
import type { Signature } from '../reading/signature.ts'

export const signature: Signature = { names: /(^|\/)profile_export(_aiperf)?\.jsonl?$/ }
