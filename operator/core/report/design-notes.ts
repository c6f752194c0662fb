// SPDX-License-Identifier: Apache-2.0
/** What a reader must know of results whose number of replicates was decided by what was measured. */
import { measuredNotes } from '../leaderboard/measured-notes.ts'
import type { Design } from '../model/design.ts'
import { type Message, message } from './messages.ts'

export function designNotes(design: Design): Message[] {
  const { successiveHalving } = design
  const until = (design as Partial<Design>).replicates?.until
  return [
    ...measuredNotes(design),
    ...(until === undefined ? [] : [message('design.until', { response: until.response, margin: until.absolute ?? `${Number(((until.relative ?? 0) * 100).toPrecision(3))} %`, min: until.min, max: until.max })]),
    ...(successiveHalving === undefined ? [] : [message('design.halving', { objective: successiveHalving.objective, eta: successiveHalving.eta })]),
  ]
}
