// SPDX-License-Identifier: Apache-2.0
/** What a changed design adds to a run that has begun: more treatments and nothing else, or a refusal that says what else changed. */
import { canonicalJson } from '../design/canonical.ts'
import type { Checked, Problem } from '../model/problem.ts'
import type { Plan } from './plan-model.ts'

export interface Extension {
  /** Hashes of the new treatments: the next block. */
  readonly added: readonly string[]
}

export function diffPlans(before: Plan, after: Plan): Checked<Extension> {
  const problems = [...removedTreatments(before, after), ...changedFactors(before, after), ...changedRest(before, after)]
  if (problems.length > 0) return { ok: false, problems }
  const known = new Set(before.treatments.map((t) => t.hash))
  const added = after.treatments.filter((t) => !known.has(t.hash)).map((t) => t.hash)
  if (added.length > 0 && after.adaptive !== undefined) return { ok: false, problems: [refusal('spec.design', `${added.length} treatments were added to a design that grows from what is measured`, 'another Experiment for them: what is there was decided without them')] }
  return { ok: true, value: { added } }
}

const LISTED = 3

/** What was planned stays planned: a treatment that vanished was taken out, or its specification changed. */
function removedTreatments(before: Plan, after: Plan): Problem[] {
  const still = new Set(after.treatments.map((t) => t.hash))
  const gone = before.treatments.filter((t) => !still.has(t.hash))
  if (gone.length === 0) return []
  const named = gone.slice(0, LISTED).map((t) => t.label || t.hash).join(', ')
  return [refusal('spec.design', `${gone.length} of ${before.treatments.length} treatments are gone or changed: ${named}${gone.length > LISTED ? ', …' : ''}`, 'levels and treatments may be added, none taken away')]
}

function changedFactors(before: Plan, after: Plan): Problem[] {
  const shape = (plan: Plan) => canonicalJson(plan.factors.map(({ name, paths }) => ({ name, paths })))
  // Written-out treatments get their factors from what they set, so a new one may bring a new factor.
  if (before.design.kind === after.design.kind && (after.design.kind === 'treatments' || shape(before) === shape(after))) return []
  return [refusal('spec.design', 'the kind of design, or names or paths of its factors, changed', 'the same factors')]
}

function changedRest(before: Plan, after: Plan): Problem[] {
  const [old, now] = [before.experiment.design, after.experiment.design]
  const changed = (['replicates', 'order', 'blocks', 'search', 'successiveHalving'] as const).filter((member) => canonicalJson(old[member]) !== canonicalJson(now[member]))
    .map((member) => refusal(`spec.design.${member}`, `${member} changed from ${canonicalJson(old[member])} to ${canonicalJson(now[member])}`, 'no change once the run has begun'))
  return [...changed, ...changedRepeats(before, after)]
}

/** Centre points are measured as often as they were: trials of an old treatment would else be added out of their block. */
function changedRepeats(before: Plan, after: Plan): Problem[] {
  const repeats = new Map(after.treatments.map((t) => [t.hash, canonicalJson(t.repeats)]))
  const changed = before.treatments.find((t) => repeats.has(t.hash) && repeats.get(t.hash) !== canonicalJson(t.repeats))
  return changed === undefined ? [] : [refusal('spec.design', `${changed.label} is measured another number of times in each replicate`, 'no change once the run has begun')]
}

function refusal(path: string, message: string, expected: string): Problem {
  return { reason: 'ChangeRefused', path, message, expected }
}
