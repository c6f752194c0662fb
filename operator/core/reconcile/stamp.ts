// SPDX-License-Identifier: Apache-2.0
/** A moment as Kubernetes stamps it: ISO 8601 in whole seconds. */

export function stamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
