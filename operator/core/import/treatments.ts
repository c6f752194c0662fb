// SPDX-License-Identifier: Apache-2.0
/** Treatments of an experiment file of llm-d-benchmark: the executable form (values by path), and the older one (positions of factors, NA). */
import { isObject } from '../design/path.ts'
import { asText, type Remark, valueAt } from './ledger.ts'

export interface ForeignTreatment {
  readonly name: string
  /** Another profile that it starts from. */
  readonly profile?: string
  /** Values by dotted path of the scenario or profile, or by variable in the older form. */
  readonly overrides: ReadonlyMap<string, unknown>
}
export interface ForeignSide {
  readonly constants: ReadonlyMap<string, unknown>
  readonly treatments: readonly ForeignTreatment[]
  readonly dropped: readonly Remark[]
}
export interface ForeignExperiment { readonly setup: ForeignSide; readonly run: ForeignSide }

export function readTreatmentsFile(value: unknown): ForeignExperiment {
  const setup = valueAt(value, 'setup')
  const run = valueAt(value, 'run')
  return {
    setup: side(setup, { constants: valueAt(setup, 'constants'), at: 'setup', documented: valueAt(value, 'design.setup.factors') }),
    run: side(run ?? value, { constants: valueAt(value, 'constants') ?? valueAt(run, 'constants'), at: run === undefined ? '' : 'run', documented: valueAt(value, 'design.run.factors') }),
  }
}

interface SideInput { readonly constants: unknown; readonly at: string; readonly documented: unknown }

function side(own: unknown, { constants, at, documented }: SideInput): ForeignSide {
  const listed = valueAt(own, 'treatments')
  const factors = valueAt(own, 'factors')
  const fixed = new Map(isObject(constants) ? Object.entries(constants) : [])
  if (Array.isArray(factors) && factors.every((f) => typeof f === 'string')) return { constants: fixed, ...positional(factors, listed, at) }
  if (Array.isArray(listed)) return { constants: fixed, treatments: listed.flatMap((treatment: unknown, i) => (isObject(treatment) ? [executable(treatment, i)] : [])), dropped: [] }
  const described = Array.isArray(factors) ? factors : documented
  return { constants: fixed, treatments: Array.isArray(described) ? product(described) : [], dropped: [] }
}

function executable({ name, profile, ...overrides }: Readonly<Record<string, unknown>>, index: number): ForeignTreatment {
  return { name: asText(name) ?? `treatment-${index + 1}`, ...(typeof profile === 'string' ? { profile } : {}), overrides: new Map(Object.entries(overrides)) }
}

const NOT_APPLICABLE = 'NA'

/** `"8,NA,2"`: a value for each factor in order; NA leaves the factor as it is. */
function positional(factors: readonly string[], listed: unknown, at: string): { readonly treatments: readonly ForeignTreatment[]; readonly dropped: readonly Remark[] } {
  const dropped: Remark[] = []
  const treatments = (Array.isArray(listed) ? listed : []).flatMap((tuple: unknown, i): ForeignTreatment[] => {
    const values = String(tuple).split(',').map((value) => value.trim())
    if (values.length !== factors.length) {
      dropped.push({ path: `${at}.treatments.${i}: ${String(tuple)}`, reason: `${values.length} values for ${factors.length} factors` })
      return []
    }
    const overrides = factors.flatMap((factor, f) => (values[f] === NOT_APPLICABLE ? [] : [[factor, literal(values[f] ?? '')] as const]))
    return [{ name: values.filter((value) => value !== NOT_APPLICABLE).join('-'), overrides: new Map(overrides) }]
  })
  return { treatments, dropped }
}

const literal = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text === 'true' ? true : text === 'false' ? false : text)

/** Factors that are only described, by name, key and levels: every combination. */
function product(factors: readonly unknown[]): ForeignTreatment[] {
  let treatments: ForeignTreatment[] = [{ name: '', overrides: new Map() }]
  for (const factor of factors) {
    const [key, levels] = [asText(valueAt(factor, 'key')) ?? '', valueAt(factor, 'levels')]
    treatments = treatments.flatMap((treatment) => (Array.isArray(levels) ? levels : []).map((level: unknown) => ({
      name: [treatment.name, asText(level) ?? ''].filter(Boolean).join('-'), overrides: new Map([...treatment.overrides, [key, level]]),
    })))
  }
  return treatments.filter((treatment) => treatment.overrides.size > 0)
}
