// SPDX-License-Identifier: Apache-2.0
/** How files of the native harness are known. */
import type { Signature } from '../reading/signature.ts'

export const signature: Signature = { names: /(^|\/)native\.jsonl?$/ }
