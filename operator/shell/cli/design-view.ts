// SPDX-License-Identifier: Apache-2.0
/** The properties of a design as people read them: what it can tell, what it confuses, and how sure it will be. */
import type { AliasRow } from '../../core/plan/alias-table.ts'
import type { DesignProperties } from '../../core/plan/design-properties.ts'
import { LEVEL, WANTED_POWER } from '../../core/plan/power.ts'
import type { Stratum } from '../../core/plan/strata.ts'
import type { Column } from './table.ts'

/** More aliases than this hide what matters; `-o wide` shows all. */
const MAX_ALIASES = 16
const MAX_WORDS = 15
const MAX_NAMES = 6

/** Lines about the design, most important first; a further indent belongs to the line above. */
export function designLines(properties: DesignProperties, wide: boolean): string[] {
  const { notEstimable, dEfficiency, axialDistance } = properties
  return [
    heading(properties),
    ...(axialDistance === undefined ? [] : [`axial points ${number(axialDistance)} times as far from the centre as corners (alpha)`]),
    ...fractionLines(properties, wide),
    ...blockLines(properties),
    ...aliasLines(properties.aliases, wide),
    ...(notEstimable.length === 0 ? [] : ['cannot be told:', ...notEstimable.map((text) => `  ${text}`)]),
    ...spaceLines(properties),
    ...(dEfficiency === undefined ? [] : [`D-efficiency ${number(dEfficiency.percent, 1)} % (${dEfficiency.model})`]),
  ]
}

function heading({ title, runs, distinct, combinations }: DesignProperties): string {
  const share = combinations !== null && combinations > distinct ? ` of ${combinations.toLocaleString('en-US')} combinations` : ''
  return `${title}: ${runs === distinct ? `${runs} runs` : `${runs} runs of ${distinct} treatments`}${share}`
}

function fractionLines({ fraction, letters }: DesignProperties, wide: boolean): string[] {
  if (fraction === undefined || fraction.words === 0) return []
  const { generators, definingRelation, words, wordLengths } = fraction
  const shown = definingRelation === null ? [] : wide ? definingRelation : definingRelation.slice(0, MAX_WORDS)
  const hidden = words - shown.length
  return [
    `factors: ${letters.map((l) => `${l.letter} ${l.factor}`).join(' · ')}`,
    `generators: ${generators.join(', ')}`,
    `defining relation: I = ${shown.join(' = ')}${hidden > 0 ? `${shown.length > 0 ? ' = ' : ''}… ${hidden.toLocaleString('en-US')} more words` : ''}`,
    `word lengths: ${wordLengths.flatMap((count, i) => (count > 0 ? [`${count} of ${i + 3}`] : [])).join(', ')}`,
  ]
}

function blockLines({ blocks }: DesignProperties): string[] {
  return blocks === undefined ? [] : [`${blocks.count} blocks in each replicate, each with stand-ups of its own; named by ${blocks.confounded.join(', ')}`]
}

function aliasLines(aliases: readonly AliasRow[], wide: boolean): string[] {
  if (aliases.length === 0) return []
  const shown = wide ? aliases : aliases.slice(0, MAX_ALIASES)
  const hidden = aliases.length - shown.length
  return ['aliases (up to two-factor interactions):', ...shown.map((row) => `  ${aliasText(row, wide)}`), ...(hidden > 0 ? [`  … and ${hidden} more (-o wide shows all)`] : [])]
}

/** Effects that are one in the data are equal; parts of others are added by their weights. */
function aliasText({ effect, with: others }: AliasRow, wide: boolean): string {
  const whole = others.every(({ weight }) => Math.abs(Math.abs(weight) - 1) < 1e-6)
  if (whole) return `${effect} = ${others.map((o) => `${o.weight < 0 ? '-' : ''}${o.effect}`).join(' = ')}`
  const amounts = [...new Set(others.map(({ weight }) => number(Math.abs(weight))))]
  if (!wide && others.length > MAX_NAMES) return `${effect} + ${amounts.length === 1 ? `±${amounts[0]} of each` : `up to ±${amounts.toSorted((a, b) => Number(b) - Number(a))[0]}`} of ${others.length} two-factor interactions`
  return `${effect} ${others.map((o) => `${o.weight < 0 ? '-' : '+'} ${number(Math.abs(o.weight))} ${o.effect}`).join(' ')}`
}

function spaceLines({ space }: DesignProperties): string[] {
  if (space === undefined) return []
  return [`evenness: smallest distance ${number(space.minDistance)} of a unit cube, centred discrepancy ${number(space.discrepancy, 4)}, largest correlation ${number(space.maxCorrelation)}`]
}

export const STRATA_HEADING = `Error terms (differences of two levels in standard deviations of each; found with ${WANTED_POWER * 100} % power at the ${LEVEL * 100} % level)`

/** One row an error term: what it compares, its degrees of freedom, what it will find. */
export function strataColumns(effect: number): Column<Stratum>[] {
  return [
    { title: 'between', value: (s) => s.between }, { title: 'units', value: (s) => s.units, align: 'right' },
    { title: 'compares', value: (s) => namesOf(s.effects) },
    { title: 'df: blocks', value: (s) => s.df.blocks, align: 'right' }, { title: 'effects', value: (s) => s.df.model ?? '?', align: 'right' },
    { title: 'left over', value: (s) => s.df.lackOfFit ?? '?', align: 'right' }, { title: 'error', value: (s) => s.df.error, align: 'right' },
    { title: 'finds', value: (s) => (s.detectable === null ? '-' : `${number(s.detectable, 1)} sd`), align: 'right' },
    { title: `power for ${number(effect)} sd`, value: (s) => (s.power === null ? '-' : `${(s.power * 100).toFixed(0)} %`), align: 'right' },
    { title: 'stacks it needs', value: (s) => s.replicatesNeeded ?? '-', align: 'right' },
  ]
}

const namesOf = (names: readonly string[]) => (names.length === 0 ? '-' : names.length > MAX_NAMES ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more` : names.join(', '))

/** Without trailing zeros. */
const number = (value: number, digits = 3) => String(Number(value.toFixed(digits)))
