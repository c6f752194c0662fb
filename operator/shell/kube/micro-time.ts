// SPDX-License-Identifier: Apache-2.0
/** Times as Leases and Events want them, with six digits; fewer are refused by the API server. */

export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z')
}
