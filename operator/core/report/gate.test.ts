// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { gateOf } from './analyze.ts'
import { checkGate, formatRule, parseRule } from './gate-rule.ts'
import { sampleExperiment } from './testdata/experiment.ts'

const gate = (...exprs: string[]) => ({ onInsufficient: 'Fail' as const, rules: exprs.map((expr, i) => ({ name: `r${i}`, expr })) })

describe('parseRule', () => {
  it.each([
    ['p99(ttft, stage=high) <= 500ms', { kind: 'bound', statistic: 'p99', metric: 'ttft', stage: 'high', operator: '<=', bound: 500 }],
    [' p99 ( ttft ,stage = sweep-3 )<0.5 s ', { kind: 'bound', statistic: 'p99', metric: 'ttft', stage: 'sweep-3', operator: '<', bound: 500 }],
    ['value(error_rate) <= 1%', { kind: 'bound', statistic: 'value', metric: 'error_rate', operator: '<=', bound: 0.01 }],
    ['value(error_rate) <= 0.01', { kind: 'bound', statistic: 'value', metric: 'error_rate', operator: '<=', bound: 0.01 }],
    ['value(output_throughput) >= 120 tok/s', { kind: 'bound', statistic: 'value', metric: 'output_throughput', operator: '>=', bound: 120 }],
    ['mean(tpot) < 0.02 s/token', { kind: 'bound', statistic: 'mean', metric: 'tpot', operator: '<', bound: 20 }],
    ['max(queue_length) <= 4', { kind: 'bound', statistic: 'max', metric: 'queue_length', operator: '<=', bound: 4 }],
    ['value(startup_total) <= 2 m', { kind: 'bound', statistic: 'value', metric: 'startup_total', operator: '<=', bound: 120 }],
    ['value(request_throughput) > 60 req/min', { kind: 'bound', statistic: 'value', metric: 'request_throughput', operator: '>', bound: 1 }],
  ])('%s', (expr, rule) => {
    const parsed = parseRule(expr)
    expect(parsed).toEqual({ ok: true, value: rule })
    // What a message shows is a rule again, and the same one.
    if (parsed.ok) expect(parseRule(formatRule(parsed.value))).toEqual(parsed)
  })

  it.each([
    ['p99(ttfd) <= 1ms', 'there is no metric "ttfd"; did you mean "ttft"?'],
    ['p98(ttft) <= 1ms', 'there is no statistic "p98"; did you mean'],
    ['p99(ttft) <= 1', 'ttft is measured in ms, not in ""; expected one of ms, us, µs, s, m, min, h'],
    ['p99(ttft) <= 1 tokens', 'ttft is measured in ms, not in "tokens"'],
    ['p99(ttft) == 1ms', '"==" would compare measured numbers exactly; expected one of <= < >= >'],
    ['p99(error_rate) <= 1%', 'error_rate is one number a stage: write value(error_rate)'],
    ['value(ttft) <= 1ms', 'ttft is a distribution: write p99(ttft) or mean(ttft)'],
    ['value(startup_total, stage=high) <= 1s', 'startup_total is measured of the stack: it has no stage'],
    ['ttft <= 1ms', '"ttft <= 1ms" is no rule (expected statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT'],
    ['', '"" is no rule'], ['p99(ttft) <= 1e3ms', 'not in "e3ms"'], ['p99(ttft)', 'is no rule'], ['p99(ttft) <= 1ms or so', 'is no rule'],
    ['p99(constructor) <= 1ms', 'there is no metric "constructor"'],
  ])('%j is refused', (expr, message) => {
    const parsed = parseRule(expr, 'spec.gate.rules[a].expr')
    expect(parsed.ok ? '' : parsed.problems.map(formatProblem).join()).toContain(message)
  })

  it('checkGate lists all problems, stages that the workload lacks included', () => {
    const problems = checkGate(gate('p99(ttft, stage=hihg) <= 1s', 'p99(x) <= 1', 'p99(e2e, stage=low) <= 1s'), { stages: ['low', 'high'] })
    expect(problems.map((p) => [p.path, p.message])).toEqual([
      ['spec.gate.rules[r0].expr', 'the workload has no stage "hihg"; did you mean "high"?'],
      ['spec.gate.rules[r1].expr', 'there is no metric "x"'],
    ])
    expect(checkGate(gate('p99(ttft, stage=any) <= 1s'))).toEqual([])
  })
})

describe('evaluation', async () => {
  const sample = await sampleExperiment()
  const small = await sampleExperiment({ requests: 60, batches: [8], rates: [8] })
  const outcome = (input: typeof sample, ...exprs: string[]) => gateOf({ ...input, experiment: { ...input.experiment, spec: { ...input.experiment.spec, gate: gate(...exprs) } } })
  const only = (input: typeof sample, expr: string) => outcome(input, expr)?.rules[0]

  it('passes when every treatment does, and shows the one that comes closest', () => {
    expect(only(sample, 'p50(ttft, stage=high) <= 1s')).toEqual({ name: 'r0', result: 'passed', message: expect.stringMatching(/^p50\(ttft, stage=high\) <= 1000 ms; worst: batch=8 rate=24: 10\d\.?\d* ± .* ms in stage high$/) })
  })

  it('fails when one treatment does, and names it', () => {
    const rule = only(sample, 'p50(ttft, stage=high) <= 100ms')
    expect(rule).toMatchObject({ result: 'failed', message: expect.stringMatching(/^not p50\(ttft, stage=high\) <= 100 ms \(1 of 4 treatments\): batch=8 rate=24: /) })
  })

  it('takes the worst stage where none is named: the highest for an upper bound, the lowest for a lower one', () => {
    expect(only(sample, 'p50(ttft) <= 100ms')?.message).toContain('in stage high')
    expect(only(sample, 'value(output_throughput) >= 60 tok/s')).toMatchObject({ result: 'failed', message: expect.stringContaining('(4 of 4 treatments)') })
    expect(only(sample, 'value(output_throughput) >= 60 tok/s')?.message).toContain('in stage low')
    expect(only(sample, 'value(output_throughput, stage=high) >= 60 tok/s')?.result).toBe('passed')
  })

  it.each([
    ['a percentile that the sample is too small for', small, 'p99(ttft) <= 10s', 'from too few requests for p99'],
    ['also when it would fail', small, 'p99(ttft) <= 1ms', 'from too few requests for p99'],
    ['a metric that was not measured', sample, 'p99(session_duration) <= 10s', 'stage low has no p99(session_duration)'],
    ['a stage that was not measured', sample, 'p50(ttft, stage=peak) <= 10s', 'stage peak has no p50(ttft)'],
    ['a rule that is none', sample, 'p50(ttft) <= 10', 'ttft is measured in ms'],
    ['treatments without a usable trial', { ...sample, trials: sample.trials.map((t) => (t.treatment['batch'] === 8 ? { ...t, verdict: { result: 'invalid' as const, reasons: [] } } : t)) }, 'p50(ttft) <= 10s', '(2 of 4 treatments): batch=8 rate=8: no usable trial'],
    ['treatments that left nothing', { ...sample, trials: sample.trials.filter((t) => t.treatment['batch'] === 8) }, 'p50(ttft) <= 10s', '2 of 4 treatments were measured'],
    ['no trial at all', { ...sample, trials: [] }, 'p50(ttft) <= 10s', '0 of 4 treatments were measured'],
  ])('is insufficient for %s', (_, input, expr, message) => {
    expect(only(input, expr)).toEqual({ name: 'r0', result: 'insufficient', message: expect.stringContaining(message) })
  })

  it('knows what was planned from the plan, too', () => {
    const treatments = [{ levels: { batch: 8, rate: 8 } }, { levels: { batch: 64, rate: 8 } }]
    const rule = only({ ...small, treatments, experiment: { ...small.experiment, status: undefined } }, 'p50(ttft) <= 10s')
    expect(rule).toMatchObject({ result: 'insufficient', message: expect.stringContaining('batch=64 rate=8: no usable trial') })
  })

  it.each([['<=', 'passed'], ['<', 'failed'], ['>=', 'passed'], ['>', 'failed']])('of a value on the bound: %s has %s', (operator, result) => {
    expect(only(sample, `value(error_rate) ${operator} 0%`)?.result).toBe(result)
  })

  it('measures start-up by stack', () => {
    expect(only(sample, 'value(startup_total) <= 10s')).toMatchObject({ result: 'passed', message: expect.stringMatching(/ s$/) })
    expect(only(sample, 'value(startup_load) <= 1s')?.result).toBe('failed')
  })

  it('as a whole is the worst rule: failed before insufficient before passed', () => {
    const [pass, fail, open] = ['p50(ttft) <= 10s', 'p50(ttft) <= 1ms', 'p50(ttft, stage=x) <= 1s'] as const
    expect(outcome(sample, pass, pass)?.result).toBe('passed')
    expect(outcome(sample, pass, open)?.result).toBe('insufficient')
    expect(outcome(sample, open, fail, pass)?.result).toBe('failed')
    expect(gateOf({ ...sample, experiment: { ...sample.experiment, spec: { design: sample.experiment.spec.design } } })).toBeUndefined()
  })
})
