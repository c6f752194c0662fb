// SPDX-License-Identifier: Apache-2.0
/** How benchmark reports of llm-d-benchmark are known, of any version: what is too old is said where they are read. */
import type { Signature } from '../reading/signature.ts'

export const signature: Signature = {
  heads: [
    [/^version:\s*.?v?0\.[0-9]/m, /^(run|metrics):/m],
    [/"version"\s*:\s*"?v?0\.[0-9]/, /"(run|metrics)"\s*:\s*\{/, /"(results|scenario)"\s*:\s*\{/],
  ],
  derived: true,
}
