// SPDX-License-Identifier: Apache-2.0
/** What a capacity search found, configuration by configuration, from the findings of its trials. */
import { armsOf, rulesOf } from '../adaptive/capacity-arm.ts'
import { type SearchResult, searchResult } from '../adaptive/capacity-search.ts'
import { capacityDoubts } from '../adaptive/capacity-text.ts'
import { measuredOf } from '../adaptive/measured.ts'
import { judgeProbes, type Probe } from '../adaptive/probe-verdict.ts'
import { type Objective, objectivesOf } from '../adaptive/question.ts'
import { levelText } from '../plan/labels.ts'
import { type ReplicateSummary, summarizeReplicates } from '../stats/mean-interval.ts'
import { formatRule } from './gate-rule.ts'
import type { CapacityResults, CapacityRow, ExperimentInput, Tried } from './results.ts'

/** Undefined where nothing was searched. */
export function capacityOf({ experiment, trials }: Pick<ExperimentInput, 'experiment' | 'trials'>): CapacityResults | undefined {
  const { design, slo } = experiment.spec
  const { search } = design
  if (search === undefined) return undefined
  const objectives = objectivesOf({ design, slo }).flatMap((o) => (o.ok ? [o.value] : []))
  const measured = trials.map((t) => measuredOf(t, objectives))
  const arms = armsOf(search, objectives, measured)
  // Without its plan a report does not know the type of the path; a search of rates is at halves and quarters soon.
  const whole = arms.every((arm) => arm.probes.every((p) => Number.isInteger(p.load)))
  // Trials without findings have ended too, so that none is waited for.
  const rules = { ...rulesOf(search, whole), replicates: 1, maxReplicates: 1 }
  const byLevels = Map.groupBy(arms, ({ levels }) => search.factors.map(({ name }) => levelText(levels[name])).join('\n'))
  const rows = [...byLevels.values()].map((own) => rowOf(search.factors.map(({ name }) => levelText(own[0]?.levels[name])), own.map((arm) => searchResult(rules, ended(arm.probes))), own.flatMap((arm) => triedOf(arm.probes))))
  return {
    load: search.load.name, ...(search.load.unit === undefined ? {} : { unit: search.load.unit }), objectives: objectives.map((o: Objective) => formatRule(o)),
    factors: search.factors.map((f) => ({ name: f.name, ...(f.unit === undefined ? {} : { unit: f.unit }) })), rows: inOrder(rows, search.factors.map((f) => (f.labels ?? f.levels ?? f.zip?.[0]?.levels ?? []).map(levelText))),
  }
}

const triedOf = (probes: readonly Probe[]): Tried[] =>
  judgeProbes(ended(probes), { replicates: 1, maxReplicates: 1 }).flatMap(({ load, verdict }) => (verdict === null ? [] : [{ load, verdict }]))

const ended = (probes: readonly Probe[]): Probe[] => probes.map(({ load, trials }) => ({ load, trials: trials.map((t) => t ?? null) }))

/** Every stand-up has an answer of its own; together they tell how much stand-ups differ. */
function rowOf(levels: readonly string[], results: readonly SearchResult[], tried: readonly Tried[]): CapacityRow {
  const estimates = results.flatMap((r) => (r.estimate === null ? [] : [r.estimate]))
  const summary: ReplicateSummary | null = estimates.length === results.length ? summarizeReplicates(estimates.map((e) => [e])) : null
  const all = (of: 'met' | 'missed') => results.flatMap((r) => (r[of] === null ? [] : [r[of]]))
  const whole = (values: readonly number[]) => values.length === results.length
  const [met, missed] = [all('met'), all('missed')]
  return {
    levels, results, summary, met: whole(met) ? Math.min(...met) : null, missed: whole(missed) ? Math.max(...missed) : null,
    probes: results.reduce((n, r) => n + r.probes, 0), trials: results.reduce((n, r) => n + r.trials, 0),
    doubts: [...new Set(results.flatMap(capacityDoubts))], tried,
  }
}

function inOrder(rows: readonly CapacityRow[], levels: readonly (readonly string[])[]): CapacityRow[] {
  const rank = (row: CapacityRow) => row.levels.map((level, f) => (levels[f] ?? []).indexOf(level))
  return [...rows].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)]
    const at = x.findIndex((value, i) => value !== y[i])
    return at < 0 ? 0 : (x[at] ?? 0) - (y[at] ?? 0)
  })
}
