// SPDX-License-Identifier: Apache-2.0
/** Whether requests fit into the context that the model is served with. It needs no cluster. */
import type { ScenarioSpec } from '../model/scenario.ts'
import type { Finding } from './finding.ts'
import { argumentOf } from './model-memory.ts'
import type { TokenDemand } from './token-demand.ts'

export function checkContext(scenario: ScenarioSpec, demand: TokenDemand | undefined): Finding[] {
  const context = servedContext(scenario)
  if (demand === undefined || context === undefined) return []
  const common = { check: 'context', path: 'workload.data.synthetic', expected: `at most ${context} tokens, the model's context`, fix: 'shorten input, output, prefix or turns, or raise model.maxLength' } as const
  if (demand.least > context) return [{ ...common, severity: 'fails', message: 'every request is longer than the context: the server refuses them', found: `${demand.least} tokens at least, prompt and answer together` }]
  if (demand.most === undefined || demand.most <= context) return []
  return [{ ...common, severity: 'doubt', message: 'the longest requests do not fit into the context: the server refuses those', found: `up to ${demand.most} tokens, prompt and answer together` }]
}

/** The argument of the engine comes after the model's own value and wins. */
function servedContext(scenario: ScenarioSpec): number | undefined {
  const given = Number(argumentOf(scenario, 'max-model-len', 'context-length'))
  return given > 0 ? given : scenario.model.maxLength
}
