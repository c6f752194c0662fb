// SPDX-License-Identifier: Apache-2.0
/** What a reader must know of results whose number of replicates was decided by what was measured. */
import type { Design } from '../model/design.ts'

export function designNotes(design: Design): string[] {
  const { successiveHalving } = design
  const until = (design as Partial<Design>).replicates?.until
  return [
    ...(until === undefined ? [] : [`Replicated until ${until.response} was known to ± ${until.absolute ?? `${Number(((until.relative ?? 0) * 100).toPrecision(3))} %`}, at least ${until.min} and at most ${until.max} times: looking after every replicate makes 95 % intervals cover a little less often than they say.`]),
    ...(successiveHalving === undefined ? [] : [`Successive halving by ${successiveHalving.objective}: after each rung the best 1/${successiveHalving.eta} went on. Treatments differ in how often they were measured, and the best of many looks a little better than it is.`]),
  ]
}
