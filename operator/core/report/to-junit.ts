// SPDX-License-Identifier: Apache-2.0
/** The gate and the trials as JUnit XML, which every pipeline can show: a rule that failed and a trial without a result are failed tests. */
import type { Findings } from '../model/findings.ts'
import type { ExperimentResults, RuleOutcome } from './results.ts'

export interface JunitOptions {
  /** What insufficient data counts as; anything but a failure is a skipped test. */
  readonly onInsufficient: 'Fail' | 'Pass' | 'Unknown'
}

interface Case {
  readonly name: string
  readonly seconds: number
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly kind: string
  readonly text: string
}

export function toJunit(results: ExperimentResults, { onInsufficient }: JunitOptions = { onInsufficient: 'Fail' }): string {
  const { name, gate, trials, failed } = results
  const suites = [
    ...(gate === undefined ? [] : [{ name: `${name}: gate`, cases: gate.rules.map((rule) => ruleCase(rule, onInsufficient)) }]),
    {
      name: `${name}: trials`,
      cases: [
        ...trials.map(trialCase),
        ...failed.map((f): Case => ({ name: f.trial, seconds: 0, state: 'failed', kind: f.reason, text: f.message ?? f.reason })),
      ],
    },
  ]
  const cases = suites.flatMap((s) => s.cases)
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${xml(name)}" ${countsOf(cases)}>
${suites.map((suite) => suiteXml(suite, name)).join('\n')}
</testsuites>
`
}

function suiteXml({ name, cases }: { readonly name: string; readonly cases: readonly Case[] }, experiment: string): string {
  return `  <testsuite name="${xml(name)}" ${countsOf(cases)}>
${cases.map((c) => caseXml(c, experiment)).join('\n')}
  </testsuite>`
}

function caseXml({ name, seconds, state, kind, text }: Case, experiment: string): string {
  const head = `    <testcase classname="assay.${xml(experiment)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`
  switch (state) {
    case 'passed':
      return text === '' ? `${head}/>` : `${head}>\n      <system-out>${xml(text)}</system-out>\n    </testcase>`
    case 'failed':
      return `${head}>\n      <failure type="${xml(kind)}" message="${xml(text)}"/>\n    </testcase>`
    case 'skipped':
      return `${head}>\n      <skipped message="${xml(text)}"/>\n    </testcase>`
  }
}

function countsOf(cases: readonly Case[]): string {
  const count = (state: Case['state']) => cases.filter((c) => c.state === state).length
  return `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`
}

function ruleCase({ name, result, message }: RuleOutcome, onInsufficient: JunitOptions['onInsufficient']): Case {
  const state = result === 'insufficient' ? onInsufficient === 'Fail' ? 'failed' : 'skipped' : result
  return { name, seconds: 0, state, kind: result === 'insufficient' ? 'InsufficientData' : 'GateFailed', text: message }
}

/** A suspect trial was measured: what speaks against it is told, and fails nothing. */
function trialCase({ trial, time, verdict }: Findings): Case {
  const text = verdict.reasons.map((r) => `${r.reason}${r.stage === undefined ? '' : ` in stage ${r.stage}`}: ${r.message}`).join('; ')
  const seconds = Math.max(0, (Date.parse(time.end) - Date.parse(time.start)) / 1000)
  const isInvalid = verdict.result === 'invalid'
  return {
    name: trial.name,
    seconds,
    state: isInvalid ? 'failed' : 'passed',
    kind: 'InvalidTrial',
    text: text === '' ? '' : `${verdict.result}: ${text}`,
  }
}

/** XML 1.0 knows no control characters, not even escaped. */
function xml(text: string): string {
  const legal = text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (c) => (/[\t\n\r]/.test(c) ? ' ' : '\uFFFD'))
  return legal.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
