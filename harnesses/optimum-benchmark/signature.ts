// SPDX-License-Identifier: Apache-2.0
/** How files of optimum-benchmark are known, failed runs included. */
import { members, type Signature } from '../reading/signature.ts'

export const signature: Signature = {
  names: /(^|\/)(load_model|first_generate|prefill|generate)_codecarbon\.json$/,
  heads: [members('backend', 'scenario', 'launcher', 'report'), members('load_model', 'first_generate', 'memory', 'latency'), [/^\s*\{\s*"traceback"\s*:/]],
}
