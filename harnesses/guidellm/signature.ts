// SPDX-License-Identifier: Apache-2.0
/** How files of guidellm are known: by the metadata that every version begins with. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = { heads: [members('guidellm_version', 'metadata'), [/^\s*\{\s*"metadata"\s*:\s*\{\s*"version"\s*:/]] }
