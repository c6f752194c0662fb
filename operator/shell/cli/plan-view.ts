// SPDX-License-Identifier: Apache-2.0
/** A plan as people read it: on a terminal or as Markdown. */
import prettyMs from 'pretty-ms'
import { figure } from '../../core/plan/budget-limits.ts'
import { levelText } from '../../core/plan/labels.ts'
import type { Range } from '../../core/plan/load-time.ts'
import type { PlanReport, StackReport } from '../../core/plan/plan-report.ts'
import { ADAPTIVE_HEADING, adaptiveLines } from './adaptive-view.ts'
import { designLines, STRATA_HEADING, strataColumns } from './design-view.ts'
import { type Column, markdownTable, tableLines } from './table.ts'

export interface ViewOptions {
  readonly wide: boolean
  readonly markdown: boolean
}

/** More rows than this hide what matters; `-o wide` shows all. */
const MAX_ROWS = 24
const MAX_TRIALS_SHOWN = 4

export function planLines(report: PlanReport & { readonly preflight?: readonly string[] }, options: ViewOptions): string[] {
  const heading = (text: string) => (options.markdown ? ['', `## ${text}`, ''] : ['', text])
  return [
    `${options.markdown ? '# ' : ''}${summary(report)}`,
    `${options.markdown ? '\n' : ''}scenario ${report.uses.scenario} · workload ${report.uses.workload} · harness ${report.uses.harness}${orderText(report)}`,
    ...heading('Design'), ...list(designLines(report.properties, options.wide), options),
    ...(report.adaptive === undefined ? [] : [...heading(ADAPTIVE_HEADING[report.adaptive.kind]), ...list(adaptiveLines(report.adaptive), options)]),
    ...(report.properties.strata.length > 0 ? [...heading(STRATA_HEADING), ...rows(strataColumns(report.properties.effect), report.properties.strata, options)] : []),
    ...heading(`Treatments (${report.treatments.length}${leftOut(report)})`), ...rows(treatmentColumns(report), report.treatments, options),
    ...heading(`Stacks in order (${report.stacks.length} stand-ups of ${new Set(report.stacks.map((s) => s.setupHash)).size} setups${upgradesText(report)})`), ...rows(stackColumns(report), report.stacks, options),
    ...(options.wide ? [...heading(`Trials in order (${report.trials.length})`), ...rows(trialColumns(report), report.trials, options)] : []),
    ...heading('Needs'), ...list(needs(report), options),
    ...(report.preflight !== undefined && report.preflight.length > 0 ? [...heading('Preflight'), ...list(report.preflight, options)] : []),
    ...(report.warnings.length > 0 ? [...heading('Warnings'), ...list(report.warnings, options)] : []),
  ]
}

/** An item that is indented belongs to the one before it. */
const list = (items: readonly string[], { markdown }: ViewOptions) => items.map((item) => (markdown ? item.replace(/^ */, (indent) => `${indent}- `) : `  ${item}`))

function summary({ experiment, run, treatments, replicates, trials, stacks, properties, adaptive }: PlanReport): string {
  if (adaptive !== undefined) return `${experiment}, run ${run}: ${adaptive.kind === 'search' ? properties.title : `${treatments.length} treatments`}, ${trials.length} trials on ${stacks.length} stand-ups to begin with, at most ${adaptive.trials.most} trials`
  const measured = properties.runs === treatments.length ? `${treatments.length} treatments` : `${properties.runs} runs of ${treatments.length} treatments`
  return `${experiment}, run ${run}: ${measured} × ${replicates.stacks} stack × ${replicates.runs} run replicates = ${trials.length} trials on ${stacks.length} stand-ups`
}

function orderText({ order }: PlanReport): string {
  return order.randomize ? ` · random order, seed ${order.seed}` : ' · listed order'
}

function leftOut({ design }: PlanReport): string {
  const parts = [(design.measured ?? 0) > 0 ? `${design.measured} measured already` : '', design.excluded > 0 ? `${design.excluded} left out by constraints` : '', design.notApplicable > 0 ? `${design.notApplicable} the same where a factor does not apply` : '', design.collapsed > 0 ? `${design.collapsed} the same as others` : ''].filter(Boolean)
  return parts.length > 0 ? `; ${parts.join(', ')}` : ''
}

function rows<Row>(columns: readonly Column<Row>[], all: readonly Row[], { wide, markdown }: ViewOptions): string[] {
  const shown = wide ? all : all.slice(0, MAX_ROWS)
  const lines = markdown ? markdownTable(columns, shown) : tableLines(columns, shown).map((line) => `  ${line}`)
  const hidden = all.length - shown.length
  return hidden > 0 ? [...lines, `${markdown ? '\n' : '  '}… and ${hidden} more (-o wide shows all)`] : lines
}

type Treatment = PlanReport['treatments'][number]

function treatmentColumns(report: PlanReport): Column<Treatment>[] {
  const named = report.design.kind === 'treatments' ? [{ title: 'name', value: (t: Treatment) => t.label }] : []
  const repeated = report.treatments.some((t) => t.repeats !== undefined) ? [{ title: report.design.blocks > 1 ? 'runs by block' : 'runs', value: (t: Treatment) => Array.from({ length: report.design.blocks }, (_, block) => t.repeats?.[block] ?? (t.repeats === undefined && block === 0 ? 1 : 0)).join('+'), align: 'right' as const }] : []
  const extended = report.treatments.some((t) => t.block > 0) ? [{ title: 'block', value: (t: Treatment) => t.block, align: 'right' as const }] : []
  const levels = report.factors.map((factor): Column<Treatment> => ({ title: factor.unit === undefined ? factor.name : `${factor.name} (${factor.unit})`, value: (t) => levelText(t.levels[factor.name]) }))
  return [{ title: '#', value: (t) => t.index, align: 'right' }, ...named, ...levels, { title: 'stack', value: (t) => t.setupHash }, { title: 'gpus', value: (t) => t.gpus, align: 'right' }, { title: 'identity', value: (t) => t.hash }, ...repeated, ...extended]
}

function stackColumns(report: PlanReport): Column<StackReport>[] {
  const setup = report.factors.filter((f) => f.role === 'setup').map((f): Column<StackReport> => ({ title: f.name, value: (s) => levelText(s.setup[f.name]) }))
  return [
    { title: 'name', value: (s) => s.name }, ...setup, { title: 'replicate', value: (s) => s.replicate, align: 'right' }, { title: 'gpus', value: (s) => s.gpus, align: 'right' },
    { title: 'trials', value: (s) => s.trials.length, align: 'right' }, { title: 'in this order', value: (s) => firstTrials(s.trials) },
  ]
}

function firstTrials(trials: readonly string[]): string {
  const more = trials.length - MAX_TRIALS_SHOWN
  return `${trials.slice(0, MAX_TRIALS_SHOWN).join(', ')}${more > 0 ? `, … ${more} more` : ''}`
}

function trialColumns(report: PlanReport): Column<PlanReport['trials'][number]>[] {
  return [
    { title: '#', value: (t) => t.position, align: 'right' }, { title: 'name', value: (t) => t.name }, { title: 'treatment', value: (t) => report.treatments[t.treatment]?.label ?? '' },
    { title: 'stack', value: (t) => report.stacks[t.stack]?.name ?? '' }, { title: 'arrival seed', value: (t) => t.seeds.arrival, align: 'right' }, { title: 'content seed', value: (t) => t.seeds.content, align: 'right' },
  ]
}

/** An upgrade is estimated to take as long as an installation: its pods are new, and loading a model is most of it. */
function upgradesText({ standUps: { installed, upgraded } }: PlanReport): string {
  return upgraded === 0 ? '' : `: ${installed} installed, ${upgraded} upgraded in place`
}

function needs({ gpus, estimate, stacks, budget }: PlanReport): string[] {
  const hours = estimate.gpuHours
  const gpuText = gpus.perStack === 0 ? 'GPUs: none' : `GPUs: up to ${gpus.atOnce} at once, ${gpus.perStack} for the largest stack; ${hours.likely.toFixed(1)} GPU-hours (${hours.low.toFixed(1)} to ${hours.high.toFixed(1)})`
  return [
    gpuText,
    `time: about ${spanText(estimate.wallSeconds)}; a stand-up ${spanText(estimate.standUpSeconds)} (${stacks.length} of them), a trial ${spanText(estimate.trialSeconds)}`,
    ...(estimate.cost === undefined ? [] : [`cost: ${figure(estimate.cost.likely)} ${estimate.cost.currency} (${figure(estimate.cost.low)} to ${figure(estimate.cost.high)})`]),
    ...budget.map(({ limit, text }) => `budget.${limit}: ${text}`),
    ...estimate.sources.map((source) => `  from ${source}`),
  ]
}

/** A time and its range: `1m 40s (58s to 5m)`. */
function spanText({ low, likely, high }: Range): string {
  const pretty = (seconds: number) => prettyMs(Math.round(seconds) * 1000, { unitCount: 2 })
  return low === high ? pretty(likely) : `${pretty(likely)} (${pretty(low)} to ${pretty(high)})`
}
