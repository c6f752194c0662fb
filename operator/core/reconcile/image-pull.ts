// SPDX-License-Identifier: Apache-2.0
/** What the kubelet's events say of a pod's images: whether one was pulled, and how long that took. */
import { durationMs } from '../model/common.ts'

export interface ImagePull { readonly pulled: boolean; readonly seconds: number }

const PULLED = /^Successfully pulled image .* in ([0-9.hms]+)\b/
const PRESENT = /already present on machine/

/** Messages of reason Pulled, one for each container; undefined where none says anything: events are kept for an hour only. */
export function imagePull(messages: readonly string[]): ImagePull | undefined {
  const known = messages.flatMap((message) => {
    const took = PULLED.exec(message)?.[1]
    if (took !== undefined) return [secondsOf(took)]
    return PRESENT.test(message) ? [0] : []
  })
  if (known.length === 0) return undefined
  return { pulled: messages.some((message) => PULLED.test(message)), seconds: known.reduce((a, b) => a + b, 0) }
}

/** The kubelet writes Go's durations: 1m2.345s, 612ms. */
function secondsOf(text: string): number {
  try {
    return durationMs(text) / 1000
  } catch {
    return 0
  }
}
