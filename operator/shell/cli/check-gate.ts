// SPDX-License-Identifier: Apache-2.0
/** The gate that a check holds against results: given as rules or as a file, else that of the Experiment; checked before it is used. */
import { readFile } from 'node:fs/promises'
import { Gate } from '../../core/model/experiment.ts'
import { nearest } from '../../core/model/nearest.ts'
import type { Problem } from '../../core/model/problem.ts'
import { parseStrict } from '../../core/plan/strict.ts'
import { whyUnmeasured } from '../../core/report/gate-measurable.ts'
import { checkGate, parseRule } from '../../core/report/gate-rule.ts'
import { responseName } from '../../core/report/primary.ts'
import { RESPONSES, responseValue, stagesOf } from '../../core/report/response.ts'
import type { ExperimentInput } from '../../core/report/results.ts'
import { readYaml } from '../yaml-source.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface GateOptions {
  readonly gate?: string
  readonly rule: readonly string[]
  readonly onInsufficient?: Gate['onInsufficient']
}

/** `isOwn`: it is the Experiment's. */
export async function gateFor(
  input: ExperimentInput,
  { gate: file, rule, onInsufficient }: GateOptions,
): Promise<{ readonly gate: Gate; readonly isOwn: boolean }> {
  const given = file === undefined ? undefined : await readGate(file)
  const rules = [...(given?.rules ?? []), ...rule.map((expr, i) => ({ name: `rule-${i + 1}`, expr }))]
  const { gate: own } = input.experiment.spec
  if (rules.length > 0)
    return { gate: checked({ onInsufficient: onInsufficient ?? given?.onInsufficient ?? 'Fail', rules }, input), isOwn: false }
  if (own === undefined)
    throw new CliError(EXIT.usage, `${input.experiment.name} has no gate`, 'give one: --rule "p99(ttft) <= 500ms", or --gate FILE')
  return { gate: { ...own, onInsufficient: onInsufficient ?? own.onInsufficient }, isOwn: true }
}

/** What nobody has checked before: mistyped rules, stages and metrics that are not there. */
function checked(gate: Gate, input: ExperimentInput): Gate {
  const wrong = [...checkGate(gate, { stages: stagesIn(input), slo: input.experiment.spec.slo, search: input.experiment.spec.design.search ?? null }), ...unmeasured(gate, input)]
  if (wrong.length > 0) throw invalidInput(wrong)
  return gate
}

async function readGate(file: string): Promise<Gate> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new CliError(EXIT.usage, `${file} cannot be read: ${error.message}`)
  })
  const { sources, problems } = readYaml(text, file)
  if (problems.length > 0) throw invalidInput(problems)
  if (sources.length !== 1)
    throw new CliError(EXIT.usage, `${file} holds ${sources.length} documents`, 'expected one gate: rules, each with name and expr')
  const parsed = parseStrict(Gate, sources[0]?.value, { at: '', object: file })
  if (!parsed.ok) throw invalidInput(parsed.problems)
  return parsed.value
}

function stagesIn({ trials }: ExperimentInput): string[] {
  return [...new Set(trials.flatMap(stagesOf))]
}

/** Rules of one's own on what no trial measured. What the Experiment's own gate lacks is insufficient data. */
function unmeasured({ rules }: Gate, { trials, experiment: { spec: { slo } } }: ExperimentInput): Problem[] {
  if (trials.length === 0) return []
  const has = (metric: string) =>
    RESPONSES.some((r) => r.metric === metric && trials.some((t) => stagesOf(t).some((stage) => responseValue(t, stage, r) !== null)))
  return rules.flatMap(({ name, expr }): Problem[] => {
    const parsed = parseRule(expr)
    if (!parsed.ok || has(parsed.value.metric) || whyUnmeasured(parsed.value.metric, { slo }) !== undefined) return []
    const measured = [...new Set(RESPONSES.map((r) => r.metric))].filter(has)
    const [close] = nearest(parsed.value.metric, measured)
    return [
      {
        reason: 'InvalidValue',
        path: `spec.gate.rules[${name}].expr`,
        message: `${responseName(parsed.value)} was not measured in any trial`,
        expected: `one of ${measured.slice(0, 8).join(', ')}${measured.length > 8 ? ', …' : ''}`,
        ...(close === undefined ? {} : { nearest: close }),
      },
    ]
  })
}
