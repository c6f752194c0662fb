// SPDX-License-Identifier: Apache-2.0
/** Trials of one or more Experiments by the model that they served, or by the levels of a factor, with what is known of each. */
import type { Findings } from '../../model/findings.ts'
import type { ExperimentResults, TreatmentInfo } from '../results.ts'
import { formInName, isMixture, lastPart, plainName, sizeInName } from './model-name.ts'

/** What is compared: as much of results as it takes. */
export type Compared = Pick<ExperimentResults, 'name' | 'factors' | 'treatments' | 'standUps' | 'requirements'>

export interface Trial {
  readonly findings: Findings
  /** Which of the Experiments it is of. */
  readonly source: number
  readonly levels: TreatmentInfo['levels']
}

export interface ModelSize {
  readonly parameters: number
  /** Read from the name, since no scenario declares it. */
  readonly fromName: boolean
}

export interface Model {
  readonly name: string
  /** The name without maker and form: what two forms of one model share. */
  readonly plain: string
  readonly revision: string
  /** Quantisation, declared or read from the name; `none` where neither says one. */
  readonly form: string
  readonly dtype: string
  readonly size: ModelSize | null
  /** Only a part of it computes a token. */
  readonly mixture: boolean
}

export interface Group {
  readonly index: number
  readonly label: string
  readonly trials: readonly Trial[]
  /** null where levels of a factor are compared. */
  readonly model: Model | null
}
export interface Grouping {
  readonly groups: readonly Group[]
  /** Trials that say nothing of what is compared. */
  readonly unknown: number
}

export function trialsOf(sources: readonly Compared[]): Trial[] {
  const several = sources.length > 1
  return sources.flatMap(({ treatments }, source) => treatments.flatMap(({ trials, levels }) => trials.map((findings): Trial => ({
    // Runs of one Experiment have the same names: a stand-up is one of its own run.
    findings: several ? { ...findings, stack: stackName(findings.stack, source) } : findings, source, levels,
  }))))
}

export const stackName = (stack: string, source: number): string => `${source + 1}/${stack}`

export function groupByModel(trials: readonly Trial[]): Grouping {
  const known = trials.flatMap((trial) => {
    const model = modelOf(trial)
    return model === undefined ? [] : [{ trial, model }]
  })
  const groups = [...Map.groupBy(known, ({ model: { name, revision, form, dtype } }) => JSON.stringify([name, revision, form, dtype])).values()]
  const models = groups.map((own) => ({ model: withSize(own.map((o) => o.model)), trials: own.map((o) => o.trial) })).sort((a, b) => bySize(a.model, b.model))
  const labels = labelsOf(models.map((m) => m.model))
  return { groups: models.map((m, index) => ({ index, label: labels[index] as string, ...m })), unknown: trials.length - known.length }
}

/** In the order of the levels. */
export function groupByFactor(trials: readonly Trial[], factor: string, levels: readonly string[]): Grouping {
  const known = trials.filter((t) => t.levels[factor] !== undefined)
  const byLevel = Map.groupBy(known, (t) => t.levels[factor] as string)
  const measured = levels.filter((level) => byLevel.has(level))
  return { groups: measured.map((level, index) => ({ index, label: level, trials: byLevel.get(level) ?? [], model: null })), unknown: trials.length - known.length }
}

/** Findings of before they said what was served are told apart by a factor of that name. */
function modelOf({ findings: { served }, levels }: Trial): Model | undefined {
  const name = served?.model.name ?? levels['model']
  if (name === undefined) return undefined
  const { revision = '', dtype = '', parameters, quantization = 'none' } = served?.model ?? {}
  const [named, form] = [sizeInName(name), quantization.toLowerCase()]
  const size = parameters === undefined ? (named === undefined ? null : { parameters: named.parameters, fromName: true }) : { parameters, fromName: false }
  return { name, plain: plainName(name), revision, form: form === 'none' ? (formInName(name) ?? 'none') : form, dtype, size, mixture: isMixture(name) }
}

/** What one scenario declares holds for the others that serve the same. */
function withSize(models: readonly Model[]): Model {
  return models.find((m) => m.size?.fromName === false) ?? (models[0] as Model)
}

/** Smallest first, those of no known size last. */
function bySize(a: Model, b: Model): number {
  const [x, y] = [a.size?.parameters ?? Infinity, b.size?.parameters ?? Infinity]
  return x === y ? compareText(`${a.name} ${a.form === 'none' ? '' : a.form}`, `${b.name} ${b.form === 'none' ? '' : b.form}`) : x - y
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** As short as tells them apart. */
function labelsOf(models: readonly Model[]): string[] {
  const steps: readonly ((m: Model) => string)[] = [
    (m) => `${lastPart(m.name)}${m.form === 'none' || formInName(m.name) === m.form ? '' : ` ${m.form}`}`, (m) => (m.dtype === '' ? '' : ` ${m.dtype}`),
    (m) => (m.revision === '' ? '' : `@${m.revision}`), (m) => ` (${m.name})`,
  ]
  return steps.reduce<string[]>((labels, step) => labels.map((label, i) => {
    const same = label === '' || labels.filter((other) => other === label).length > 1
    return same ? `${label}${step(models[i] as Model)}` : label
  }), models.map(() => ''))
}
