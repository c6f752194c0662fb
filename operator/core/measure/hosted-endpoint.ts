// SPDX-License-Identifier: Apache-2.0
/** What the numbers of an endpoint outside of the cluster cannot say. It looks at the address alone. */
import type { TrialJob } from '../model/trial-job.ts'

/** Names that lead nowhere but within a cluster, a machine or a private network. */
const NEAR_NAMES = /(?:^|\.)(?:svc|local|internal|localhost|lan|home\.arpa|test|invalid)$/
const NEAR_ADDRESSES = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.0\.0\.0$|\[(?:::1?|f[cd][\da-f]{2}:.*|fe80:.*)\]$)/i

/** Whether a host is somebody else's, as far as its name or address tells. */
export function isHosted(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (NEAR_ADDRESSES.test(name) || NEAR_NAMES.test(name)) return false
  return name.includes('.') || name.startsWith('[')
}

export function hostedNotes({ endpoint, stack }: Pick<TrialJob, 'endpoint' | 'stack'>, time: { readonly startEpochMs: number; readonly endEpochMs: number }): string[] {
  const { hostname } = new URL(endpoint.url)
  if (stack.deployed || !isHosted(hostname)) return []
  const at = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 16)
  return [
    `${hostname} is no server of this cluster: which hardware, engine and version answered, how many replicas, what else they served and whether answers came from a cache is unknown and may change from request to request; `
    + `all times include the network between here and there; they are those of ${at(time.startEpochMs)} to ${at(time.endEpochMs)} UTC and say nothing of another hour. Repeat at other hours and days before you compare`,
  ]
}
