// SPDX-License-Identifier: Apache-2.0
/** Whether a harness can express a workload; if not, which ones could. It looks at declared abilities only. */
import type { HarnessSpec } from '../model/harness.ts'
import { HarnessSpec as HarnessSchema } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import { dataKind, loadKind, type WorkloadProfileSpec } from '../model/workload-profile.ts'

/** What a workload asks of a harness. */
export interface WorkloadNeeds { readonly api: string; readonly load: string; readonly data: string }

export function needsOf(workload: WorkloadProfileSpec): WorkloadNeeds {
  return { api: workload.api.kind, load: loadKind(workload.load), data: dataKind(workload.data) }
}

interface Side { readonly name: string; readonly supports: HarnessSpec['supports'] }

/** A harness that declares no load sends nothing, whatever the workload says: start-up times are all that it is for. */
const sendsNothing = ({ load, data }: HarnessSpec['supports']) => load.length === 0 && data.length === 0

/** A problem for each thing that is asked and not supported. */
export function checkExpressible(needs: WorkloadNeeds, harness: Side, library: ReadonlyMap<string, unknown>): Problem[] {
  if (sendsNothing(harness.supports)) return []
  const others = ableHarnesses(needs, library)
  const could = others.length > 0 ? `; ${others.join(', ')} of the library can` : '; no harness of the library can'
  return lacks(needs, harness.supports).map(({ path, asked, what, supported }) => ({
    reason: 'NotExpressible', path, message: `harness ${harness.name} cannot ${what} ${asked}${could}`, found: asked,
    expected: supported.length > 0 ? `one of ${supported.join(', ')}` : 'a harness that sends requests', nearest: others[0] === undefined ? undefined : `harnessRef: { name: ${others[0]} }`,
  }))
}

interface Lack { readonly path: string; readonly asked: string; readonly what: string; readonly supported: readonly string[] }

function lacks(needs: WorkloadNeeds, supports: HarnessSpec['supports']): Lack[] {
  const asked: Lack[] = [
    { path: 'workload.api.kind', asked: needs.api, what: 'load the API', supported: supports.api },
    { path: `workload.load.${needs.load}`, asked: needs.load, what: 'produce the load', supported: supports.load },
    { path: `workload.data.${needs.data}`, asked: needs.data, what: 'send the data', supported: supports.data },
  ]
  return asked.filter((need) => !need.supported.includes(need.asked))
}

function ableHarnesses(needs: WorkloadNeeds, library: ReadonlyMap<string, unknown>): string[] {
  return [...library].flatMap(([name, spec]) => {
    const parsed = HarnessSchema.safeParse(spec)
    return parsed.success && !sendsNothing(parsed.data.supports) && lacks(needs, parsed.data.supports).length === 0 ? [name] : []
  })
}
