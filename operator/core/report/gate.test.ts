// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { compared, gateOf } from './analyze.ts'
import { PRIMARY } from './primary.ts'
import { baselinesOf, checkGate, formatRule, parseRule } from './gate-rule.ts'
import type { ComparedResults, ExperimentInput } from './results.ts'
import { withoutParts } from './to-json.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { plainExperiment } from './testdata/plain.ts'
import { random } from '../stats/testdata/random.ts'

const gate = (...exprs: string[]) => ({ onInsufficient: 'Fail' as const, rules: exprs.map((expr, i) => ({ name: `r${i}`, expr })) })

describe('parseRule', () => {
  it.each([
    ['p99(ttft, stage=high) <= 500ms', { kind: 'bound', statistic: 'p99', metric: 'ttft', stage: 'high', operator: '<=', bound: 500 }],
    [' p99 ( ttft ,stage = sweep-3 )<0.5 s ', { kind: 'bound', statistic: 'p99', metric: 'ttft', stage: 'sweep-3', operator: '<', bound: 500 }],
    ['value(error_rate) <= 1%', { kind: 'bound', statistic: 'value', metric: 'error_rate', operator: '<=', bound: 0.01 }],
    ['value(ttft_over_share) <= 5%', { kind: 'bound', statistic: 'value', metric: 'ttft_over_share', operator: '<=', bound: 0.05 }],
    ['value(mismatch_rate, stage=c50) <= 1%', { kind: 'bound', statistic: 'value', metric: 'mismatch_rate', stage: 'c50', operator: '<=', bound: 0.01 }],
    ['value(error_rate) <= 0.01', { kind: 'bound', statistic: 'value', metric: 'error_rate', operator: '<=', bound: 0.01 }],
    ['value(output_throughput) >= 120 tok/s', { kind: 'bound', statistic: 'value', metric: 'output_throughput', operator: '>=', bound: 120 }],
    ['mean(tpot) < 0.02 s/token', { kind: 'bound', statistic: 'mean', metric: 'tpot', operator: '<', bound: 20 }],
    ['max(queue_length) <= 4', { kind: 'bound', statistic: 'max', metric: 'queue_length', operator: '<=', bound: 4 }],
    ['value(startup_total) <= 2 m', { kind: 'bound', statistic: 'value', metric: 'startup_total', operator: '<=', bound: 120 }],
    ['value(request_throughput) > 60 req/min', { kind: 'bound', statistic: 'value', metric: 'request_throughput', operator: '>', bound: 1 }],
    ['regression(output_throughput, baseline=nightly) <= 5%', { kind: 'regression', statistic: 'value', metric: 'output_throughput', baseline: 'nightly', operator: '<=', bound: 0.05 }],
    [' regression( p99(ttft) , stage = high, baseline = v0.9 )<2.5 %', { kind: 'regression', statistic: 'p99', metric: 'ttft', stage: 'high', baseline: 'v0.9', operator: '<', bound: 0.025 }],
    ['regression(value(goodput), baseline=a) <= -3%', { kind: 'regression', statistic: 'value', metric: 'goodput', baseline: 'a', operator: '<=', bound: -0.03 }],
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
    ['regression(ttft, baseline=a) <= 5%', 'ttft is a distribution: write regression(p99(ttft), baseline=…)'],
    ['regression(p99(ttft)) <= 5%', 'a regression needs what it is measured against: regression(p99(ttft), baseline=NAME)'],
    ['regression(p99(ttft), baseline=a) >= 5%', '">=" asks for a regression; expected <= or <'],
    ['regression(p99(ttft), baseline=a) <= 5', 'a regression is a share of the baseline: write 5%, not 5'],
    ['regression(p99(ttft), baseline=a) <= 5ms', 'write 5%, not 5ms'],
    ['regression(mean(gpu_power), baseline=a) <= 5%', 'gpu_power is neither better when it is higher nor when it is lower: it cannot regress'],
    ['regression(p99(ttfd), baseline=a) <= 5%', 'there is no metric "ttfd"; did you mean "ttft"?'],
    ['regression(p99(ttft), base=a) <= 5%', 'is no rule'], ['regression(p99(ttft), baseline=a, baseline=b) <= 5%', 'is no rule'], ['regression(p99(ttft), baseline=A_B) <= 5%', 'is no rule'],
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

  const scenario = (more: object) => ({ accelerator: { resource: 'nvidia.com/gpu', perReplica: 1 }, endpoint: { service: 'm' }, deploy: { releases: [] }, ...more }) as never
  it.each<[string, string, Parameters<typeof checkGate>[1], string | undefined]>([
    ['goodput without an SLO', 'value(goodput) >= 1 req/s', {}, 'goodput counts requests that meet the SLO, and there is none: set spec.slo'],
    ['goodput with one', 'value(goodput) >= 1 req/s', { slo: { ttft: '1s' } }, undefined],
    ['money without a price', 'value(cost_per_request) <= 1 ¤/req', { scenario: scenario({}) }, 'cost_per_request needs a price: set accelerator.hourlyCost'],
    ['money whose price is a factor', 'value(cost_per_request) <= 1 ¤/req', { scenario: scenario({}), varied: ['scenario.accelerator.hourlyCost.amount'] }, undefined],
    ['money of a hosted endpoint', 'value(cost_per_request) <= 1 ¤/req', { scenario: scenario({ deploy: undefined, endpoint: { url: 'https://h', prices: [{ input: 1, output: 2 }] } }) }, undefined],
    ['money whose prices are a factor', 'value(cost_per_request) <= 1 ¤/req', { scenario: scenario({}), varied: ['scenario.endpoint.prices'] }, undefined],
    ['server metrics that nobody scrapes', 'mean(queue_length) <= 1 requests', { scenario: scenario({}) }, 'queue_length comes from the server\'s own metrics: set endpoint.metrics'],
    ['server metrics', 'mean(queue_length) <= 1 requests', { scenario: scenario({ endpoint: { service: 'm', metrics: {} } }) }, undefined],
    ['GPUs without an exporter', 'mean(gpu_power) <= 400 W', { scenario: scenario({ endpoint: { service: 'm', metrics: {} } }) }, 'gpu_power comes from the GPUs\' exporter: set endpoint.metrics.gpu'],
    ['start-up of a server that is there already', 'value(startup_total) <= 60 s', { scenario: scenario({ deploy: undefined }) }, 'this Scenario deploys nothing'],
    ['a regression of what is not measured', 'regression(goodput, baseline=a) <= 5%', {}, 'there is none: set spec.slo'],
  ])('refuses what an Experiment will not measure: %s', (...[, expr, facts, message]) => {
    const problems = checkGate(gate(expr), facts).map((p) => p.message)
    if (message === undefined) expect(problems).toEqual([])
    else expect(problems.join()).toContain(message)
  })

  it('knows which baselines are named', () => {
    expect(baselinesOf(gate('p99(ttft) <= 1s', 'regression(goodput, baseline=a) <= 5%', 'regression(p99(ttft), baseline=b) <= 5%', 'regression(error_rate, baseline=a) <= 5%'))).toEqual(['a', 'b'])
  })
})

describe('evaluation', async () => {
  const sample = await sampleExperiment()
  const small = await sampleExperiment({ requests: 60, batches: [8], rates: [8] })
  const outcome = (input: typeof sample, ...exprs: string[]) => {
    const found = gateOf({ ...input, experiment: { ...input.experiment, spec: { ...input.experiment.spec, gate: gate(...exprs) } } })
    return found === undefined ? undefined : withoutParts(found)
  }
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

describe('regressions', () => {
  interface Planted { readonly seed: number; readonly slower?: number; readonly less?: number; readonly stacks?: number; readonly sd?: number; readonly requests?: number; readonly runs?: number; readonly rates?: number[] }
  const measured = ({ seed, slower = 1, less = 1, stacks = 5, runs = 1, sd = 0.01, requests = 1000, rates = [4, 8] }: Planted): ExperimentInput => {
    const r = random(seed)
    return plainExperiment({
      factors: [{ name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: rates }, { name: 'tp', path: 'scenario.x', levels: [1, 2] }], stacks, runs, requests, name: `e${seed}`,
      values: () => ({ ttft: 100 * slower * Math.exp(sd * r.normal()), output_throughput: 50 * less * Math.exp(sd * r.normal()), error_rate: 0 }),
    })
  }
  const held = (input: ExperimentInput, expr: string, more: Partial<ExperimentInput> = {}) =>
    gateOf({ ...input, baselines: new Map([['base', compared(measured({ seed: 1 }), PRIMARY)]]), ...more, experiment: { ...input.experiment, spec: { ...input.experiment.spec, gate: gate(expr) } } })?.rules[0]

  it.each<[string, Planted, string, string, string]>([
    ['none', {} as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'passed', 'regression(p50(ttft), baseline=base) <= 5 %; worst: '],
    ['one beyond the bound', { slower: 1.2 } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'failed', '(4 of 4 treatments): rate=4 tp=2: worse by 2'],
    ['one within the bound', { slower: 1.02 } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'passed', 'worse by'],
    ['less throughput', { less: 0.8 } as Planted, 'regression(output_throughput, baseline=base) <= 5%', 'failed', 'worse by 2'],
    ['more throughput is none', { less: 1.2 } as Planted, 'regression(output_throughput, baseline=base) <= 0%', 'passed', 'worse by −'],
    ['too noisy to tell', { sd: 0.2 } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'insufficient', 'more on each side would decide'],
    ['one stand-up', { stacks: 1, runs: 5 } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'insufficient', 'this was stood up once: one stand-up cannot tell a regression from its own luck'],
    ['too few requests', { requests: 100 } as Planted, 'regression(p99(ttft), baseline=base) <= 5%', 'insufficient', 'too few requests for p99'],
    ['treatments that the baseline lacks', { rates: [4, 16] } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'insufficient', '(2 of 4 treatments): rate=16 tp=1: base has no p50(ttft) of this treatment'],
    ['no treatment in common', { rates: [16] } as Planted, 'regression(p50(ttft), baseline=base) <= 5%', 'insufficient', 'base: no treatment of BASE is one of NEW: rate is 4, 8 in BASE and 16 in NEW'],
    ['a baseline of 0', {} as Planted, 'regression(error_rate, baseline=base) <= 5%', 'insufficient', 'the baseline is 0, of which there is no share'],
  ])('%s', (...[, change, expr, result, message]) => {
    const rule = held(measured({ ...change, seed: 2 }), expr)
    expect(rule).toMatchObject({ result, message: expect.stringContaining(message) })
  })

  it('a bound below 0 asks for an improvement', () => {
    expect(held(measured({ seed: 2, slower: 0.8 }), 'regression(p50(ttft), baseline=base) <= -10%')?.result).toBe('passed')
    expect(held(measured({ seed: 2, slower: 0.95 }), 'regression(p50(ttft), baseline=base) <= -10%')?.result).toBe('failed')
  })

  it('are not told of what a tool claims against what records show', () => {
    const input = measured({ seed: 2, slower: 1.2 })
    const claiming = { ...input, trials: input.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, claimed: ['ttft'] })) })) }
    const expr = 'regression(p50(ttft), baseline=base) <= 5%'
    expect(held(claiming, expr)).toMatchObject({ result: 'insufficient', message: expect.stringContaining('this is the tool\'s own claim, and not from records: two definitions') })
    expect(held(claiming, expr, { baselines: new Map([['base', compared(claiming, PRIMARY)]]) })?.result).toBe('passed')
  })

  it('without the baseline say so, or what was found when it was there', () => {
    const [input, expr] = [measured({ seed: 2 }), 'regression(p50(ttft), baseline=base) <= 5%']
    const none = new Map<string, ComparedResults>()
    expect(held(input, expr, { baselines: none })).toMatchObject({ result: 'insufficient', message: 'no baseline base: it is not at hand: assay check --baseline base=FOLDER' })
    expect(held(input, expr, { baselines: none, missingBaselines: new Map([['base', 'Experiment base has not been measured to its end (Running)']]) })?.message).toContain('has not been measured to its end')
    const recorded = { ...input, experiment: { ...input.experiment, status: { ...input.experiment.status, gate: { result: 'passed' as const, rules: [{ name: 'r0', result: 'passed', message: 'as it was' }] } } } }
    expect(held(recorded, expr, { baselines: none })).toEqual({ name: 'r0', result: 'passed', message: 'as it was' })
    // With the baseline at hand it is looked at again.
    expect(held(recorded, expr)?.message).not.toBe('as it was')
  })

  it('A/A: a bound on no regression at all fails in at most one of twenty, over all treatments together', () => {
    const failed = Array.from({ length: 300 }, (_, i) => held(measured({ seed: 1000 + i, sd: 0.03, stacks: 4 }), 'regression(p50(ttft), baseline=base) <= 0%', { baselines: new Map([['base', compared(measured({ seed: 5000 + i, sd: 0.03, stacks: 4 }), PRIMARY)]]) })?.result === 'failed')
    expect(failed.filter(Boolean).length / 300).toBeLessThan(0.075)
  }, 60_000)
})
