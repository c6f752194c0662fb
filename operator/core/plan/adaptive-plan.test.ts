// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { MeasuredTrial } from '../adaptive/measured.ts'
import { formatProblem } from '../model/problem.ts'
import { random } from '../stats/testdata/random.ts'
import { diffPlans } from './extend.ts'
import type { Plan } from './plan.ts'
import { experimentSpec, planned, RATE, TP, tryPlan } from './testdata/example.ts'

const LOAD = { name: 'rate', path: RATE.path, lower: 1, upper: 64, unit: 'req/s' }
const SLO = { slo: { ttft: '500ms' } }
const search = (over: object = {}, design: object = {}) => experimentSpec(SLO, { fullFactorial: undefined, search: { load: LOAD, factors: [TP], ...over }, ...design })
const until = (over: object = {}, design: object = {}) => experimentSpec(SLO, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6, ...over } }, ...design })
const halving = (over: object = {}, design: object = {}) => experimentSpec(SLO, { fullFactorial: { factors: [TP, { ...RATE, levels: [1, 2, 4, 8] }] }, successiveHalving: { objective: 'value(output_throughput, stage=high)', eta: 2, ...over }, ...design })

type Answer = (trial: { readonly levels: Readonly<Record<string, unknown>>; readonly stack: number; readonly run: number }) => MeasuredTrial['values']

/** Runs an experiment to its end: the trials of a plan end in any order within their stack, a stack as a whole before others where it likes to. */
function carryOut(spec: unknown, answer: Answer, seed = 1): { readonly plan: Plan; readonly measured: readonly MeasuredTrial[]; readonly order: readonly string[] } {
  const { uniform } = random(seed)
  const measured: MeasuredTrial[] = []
  const [order, began]: [string[], Set<string>] = [[], new Set()]
  for (let steps = 0; steps < 3000; steps++) {
    const plan = planned(spec, { measured })
    const names = new Set(plan.trials.map((t) => t.name))
    // What has begun stays planned: else it would run on with nobody waiting for it.
    for (const name of began) expect(names).toContain(name)
    const open = plan.trials.filter((t) => !order.includes(t.name))
    for (const stack of plan.stacks) {
      const next = stack.trials.map((t) => plan.trials[t]).find((t) => t !== undefined && !order.includes(t.name))
      if (next !== undefined) began.add(next.name)
    }
    const running = open.filter((t) => began.has(t.name))
    const ends = running[Math.floor(uniform() * running.length)]
    if (ends === undefined) return { plan, measured, order }
    order.push(ends.name)
    const trial = { levels: plan.treatments[ends.treatment]?.levels ?? {}, stack: ends.stackReplicate, run: ends.runReplicate }
    measured.push({ ...trial, values: answer(trial) })
  }
  throw new Error('the experiment does not end')
}

const KNEES: Readonly<Record<string, number>> = { 1: 12.3, 2: 21.7 }
/** A share of requests that falls from the knee on. */
const attained: Answer = ({ levels }) => [0.99 + (KNEES[String(levels['tp'])] ?? 0) / 1000 - (levels['rate'] as number) / 1000]

describe('a plan that searches', () => {
  it('begins with the first load of every configuration, on every stand-up', () => {
    const plan = planned(search({}, { replicates: { stacks: 2 } }))
    expect(plan.stacks).toHaveLength(4)
    expect(plan.trials).toHaveLength(8)
    expect(plan.treatments.map((t) => t.levels)).toEqual([{ tp: 1, rate: 8 }, { tp: 2, rate: 8 }])
    expect(plan.adaptive).toMatchObject({ kind: 'search', ended: false, progress: '0 of at most 48 probes', trials: { most: 4 * 12 * 6 } })
    expect(plan.estimate.wallSeconds.low).toBeLessThan(plan.estimate.wallSeconds.likely)
  })

  it('finds the capacity of each configuration on each stand-up, whatever ends first', () => {
    const results = [1, 2, 3].map((seed) => carryOut(search({}, { replicates: { stacks: 2 } }), attained, seed))
    for (const { plan } of results) {
      if (plan.adaptive?.kind !== 'search') throw new Error('no search')
      expect(plan.adaptive).toMatchObject({ ended: true })
      expect(plan.adaptive.arms).toHaveLength(4)
      for (const { arm, result } of plan.adaptive.arms) {
        const knee = KNEES[String(arm.levels['tp'])] ?? 0
        expect(result).toMatchObject({ ending: 'found' })
        expect(Math.abs((result.estimate ?? 0) / knee - 1)).toBeLessThan(0.03)
      }
      expect(new Set(plan.treatments.map((t) => t.block))).toEqual(new Set([0]))
      expect(new Set(plan.trials.map((t) => t.position)).size).toBe(plan.trials.length)
    }
    expect(new Set(results.map(({ plan }) => plan.trials.map((t) => t.name).sort().join())).size).toBe(1)
  })

  it('goes on from what is there after any trial, however it is listed', () => {
    const { measured } = carryOut(search(), attained)
    for (let ended = 0; ended <= measured.length; ended++) {
      const known = measured.slice(0, ended)
      expect(planned(search(), { measured: known.toReversed() }).digest).toBe(planned(search(), { measured: known }).digest)
    }
  })

  it('puts later trials of a stand-up after those before', () => {
    const { measured, plan } = carryOut(search({ factors: [] }), ({ levels }) => [0.99 + 12 / 1000 - (levels['rate'] as number) / 1000])
    const places = measured.map((m, i) => {
      const before = planned(search({ factors: [] }), { measured: measured.slice(0, i) })
      return before.trials.find((t) => before.treatments[t.treatment]?.levels['rate'] === m.levels['rate'] && t.runReplicate === m.run)?.position ?? -1
    })
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(plan.stacks).toHaveLength(1)
  })

  it('takes no invalid trial for evidence', () => {
    const { plan } = carryOut(search({ factors: [] }), ({ levels, run }) => (run === 1 ? null : [0.99 + 12 / 1000 - (levels['rate'] as number) / 1000]))
    if (plan.adaptive?.kind !== 'search') throw new Error('no search')
    expect(plan.adaptive.arms[0]?.result).toMatchObject({ ending: 'found' })
    expect(Math.max(...plan.trials.map((t) => t.runReplicate))).toBe(3)
  })

  it('ignores trials of other designs', () => {
    const strange: MeasuredTrial = { levels: { tp: 7, rate: 8 }, stack: 1, run: 1, values: [1] }
    expect(planned(search(), { measured: [strange] }).digest).toBe(planned(search()).digest)
  })

  it('searches once what resolves to the same', () => {
    const { plan } = carryOut(search({ factors: [{ ...TP, levels: [1, null] }] }), attained)
    expect(plan.adaptive?.kind === 'search' ? plan.adaptive.arms.length : 0).toBe(1)
    expect(plan.adaptive?.ended).toBe(true)
  })

  it('leaves out what constraints leave out, which see no load', () => {
    expect(planned(search({}, { constraints: ['tp < 2'] })).treatments.map((t) => t.levels)).toEqual([{ tp: 1, rate: 8 }])
    const refused = tryPlan(search({}, { constraints: ['tp * rate < 9'] }))
    expect(refused.ok ? [] : refused.problems.map(formatProblem)).toEqual([expect.stringContaining('spec.design.constraints[0]')])
  })
})

describe('a plan that stops when it knows enough', () => {
  const steady: Answer = ({ levels, stack }) => [100 * (levels['tp'] as number) + stack / 10]
  const noisyUntil = (n: number): Answer => ({ stack }) => [stack <= n ? 100 + 40 * (stack % 2) : 120]

  it.each<[string, object, Answer, readonly [number, number]]>([
    ['at the minimum where everything is steady', {}, steady, [3, 3]],
    ['at the cap where nothing is', {}, noisyUntil(99), [6, 6]],
    ['between', { relative: 0.2, max: 20 }, noisyUntil(6), [4, 19]],
  ])('%s', (_, over, answer, [least, most]) => {
    const { plan } = carryOut(until(over), answer)
    const stands = Math.max(...plan.trials.map((t) => t.stackReplicate))
    expect(stands).toBeGreaterThanOrEqual(least)
    expect(stands).toBeLessThanOrEqual(most)
    expect(plan.adaptive).toMatchObject({ kind: 'until', ended: true })
    // Whole blocks only.
    expect(plan.trials).toHaveLength(stands * 4)
  })

  it('names what is still too wide', () => {
    const { plan } = carryOut(until({ max: 4 }), ({ levels, stack }) => [levels['tp'] === 1 ? 100 : 100 * stack])
    expect(plan.adaptive?.kind === 'until' ? plan.adaptive.wide : []).toEqual(['tp=2 rate=1', 'tp=2 rate=8'])
  })

  it('repeats runs on each stand-up by itself', () => {
    const { plan } = carryOut(until({ unit: 'runs' }, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6, unit: 'runs' } } }), ({ levels, run }) => [levels['tp'] === 1 ? 100 : 100 * run])
    const runs = (tp: number) => Math.max(...plan.trials.filter((t) => plan.treatments[t.treatment]?.levels['tp'] === tp).map((t) => t.runReplicate))
    expect([runs(1), runs(2)]).toEqual([3, 6])
    expect(plan.stacks).toHaveLength(2)
  })
})

describe('a plan that drops the worst', () => {
  it('measures the best most often, and all of them at first', () => {
    const { plan } = carryOut(halving(), ({ levels }) => [(levels['tp'] as number) * 100 + (levels['rate'] as number)])
    const stands = plan.treatments.map((t) => Math.max(...plan.trials.filter((trial) => trial.treatment === t.index).map((trial) => trial.stackReplicate)))
    expect(Object.fromEntries(plan.treatments.map((t, i) => [t.label, stands[i]]))).toEqual({
      'tp=1 rate=1': 1, 'tp=1 rate=2': 1, 'tp=1 rate=4': 1, 'tp=1 rate=8': 1, 'tp=2 rate=1': 4, 'tp=2 rate=2': 4, 'tp=2 rate=4': 4, 'tp=2 rate=8': 4,
    })
    expect(plan.adaptive).toMatchObject({ kind: 'successiveHalving', ended: true, progress: '3 of 3 rungs' })
  })

  it('drops by what differs by more than the margin', () => {
    const { plan } = carryOut(halving({ margin: 0 }), ({ levels }) => [(levels['tp'] as number) * 100 + (levels['rate'] as number)])
    expect(plan.adaptive?.kind === 'successiveHalving' ? plan.adaptive.rungs.map((r) => r.treatments.length) : []).toEqual([8, 4, 2])
  })
})

describe('a change after start', () => {
  it.each<[string, unknown, unknown, RegExp]>([
    ['of the limits of a search', search(), search({ load: { ...LOAD, upper: 32 } }), /spec.design.search/],
    ['a level more to search', search(), search({ factors: [{ ...TP, levels: [1, 2, 4] }] }), /spec.design.search/],
    ['a level more, where replication stops by itself', until(), until({}, { fullFactorial: { factors: [TP, { ...RATE, levels: [1, 8, 9] }] } }), /grows from what is measured/],
    ['of the rule that stops', until(), until({ relative: 0.1 }), /spec.design.replicates/],
    ['of the halving', halving(), halving({ eta: 3 }), /spec.design.successiveHalving/],
  ])('%s is refused', (_, before, after, message) => {
    const change = diffPlans(planned(before), planned(after))
    expect(change.ok ? '' : change.problems.map(formatProblem).join('\n')).toMatch(message)
  })
})

describe('wrong input', () => {
  const other = (over: object) => search({ load: { ...LOAD, ...over } })
  it.each<[string, unknown, RegExp]>([
    ['limits swapped', other({ lower: 64, upper: 1 }), /^spec\.design\.search\.load\.lower: .*lower must be below upper \(found lower 64 and upper 1, expected lower: 1, upper: 64\)/],
    ['no range', other({ lower: 8, upper: 8 }), /lower must be below upper/],
    ['nowhere to begin', other({ lower: undefined, upper: undefined }), /load\.start: .*does not know where to begin \(found no limits, expected lower and upper, or a start\)/],
    ['one limit and no start', other({ upper: undefined }), /found only lower/],
    ['a start outside', other({ start: 100 }), /load\.start: .*outside lower and upper \(found 100, expected from 1 to 64\)/],
    ['a load that is none', other({ lower: 0 }), /spec\.design\.search\.load\.lower/],
    ['a path of the stack', other({ path: TP.path }), /varies the load, and scenario\.serving\.parallelism\.tensor is no load.*belongs into factors/],
    ['a path of the workload that is no load', other({ path: 'workload.data.synthetic.input.fixed' }), /is no load/],
    ['a path that is no rate', other({ path: 'workload.load.poisson.stages[high].duration', lower: undefined, upper: undefined, start: 8 }), /does not say how much is sent at a time \(found duration, expected a path that ends with rate, concurrency, speed/],
    ['a mistyped path', other({ path: 'workload.load.poisson.stages[high].rtae' }), /^spec\.design\.search\.load\.path: .*did you mean workload\.load\.poisson\.stages\[high\]\.rate\?/],
    ['a stage that is not there', other({ path: 'workload.load.poisson.stages[hihg].rate' }), /has no item "hihg".*expected one of/],
    ['a tolerance that no search reaches', search({ tolerance: 0.0001 }), /spec\.design\.search\.tolerance.*0\.005/],
    ['no bounds and no objectives', experimentSpec({}, { fullFactorial: undefined, search: { load: LOAD } }), /spec\.design\.search\.objectives: .*no objectives and no slo.*expected slo:/],
    ['attainment without bounds', experimentSpec({}, { fullFactorial: undefined, search: { load: LOAD, objectives: ['value(attainment) >= 99 %'] } }), /objectives\[0\]: .*there is no slo/],
    ['an objective the wrong way round', search({ objectives: ['p99(ttft) >= 500ms'] }), /ttft is better lower \(found p99\(ttft\) >= 500ms, expected p99\(ttft\) <= …\)/],
    ['an objective that is no rule', search({ objectives: ['ttft below 500ms'] }), /objectives\[0\]: .*is no rule/],
    ['a baseline', search({ objectives: ['regression(p99(ttft), baseline=nightly) <= 5%'] }), /objectives\[0\]: .*compares with no baseline/],
    ['a metric that is not measured', search({ objectives: ['value(cost_per_request) <= 1'] }), /cost_per_request/],
    ['a mistyped metric', search({ objectives: ['p99(tftt) <= 500ms'] }), /no metric "tftt".*ttft/],
    ['another unit', search({ objectives: ['p99(ttft) <= 500 tokens'] }), /objectives\[0\]/],
    ['a stage that the workload lacks', search({ objectives: ['p99(ttft, stage=hihg) <= 500ms'] }), /no stage "hihg" \(found hihg, expected one of .*did you mean high\?/],
    ['start-up times', search({ objectives: ['value(startup_total) <= 60s'] }), /does not depend on the load/],
    ['fewer trials at most than at least', search({ replicates: 4, maxReplicates: 3 }), /search\.maxReplicates: .*expected maxReplicates: 4 or more/],
    ['runs beside a search', search({}, { replicates: { runs: 3 } }), /replicates\.runs: .*expected search\.replicates: 3/],
    ['until beside a search', search({}, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6 } } }), /replicates\.until: a search ends by its own tolerance/],
    ['effects of a search', search({}, { effects: ['tp'] }), /spec\.design\.effects: a search estimates capacities/],
    ['blocks of a search', search({}, { blocks: { count: 2 } }), /spec\.design\.blocks/],
    ['halving a search', search({}, { successiveHalving: { objective: 'value(goodput, stage=high)' } }), /spec\.design\.successiveHalving/],
    ['a gate over loads that are meant to fail', experimentSpec({ ...SLO, gate: { rules: [{ name: 'a', expr: 'p99(ttft) <= 1s' }] } }, { fullFactorial: undefined, search: { load: LOAD } }), /spec\.gate\.rules\[a\]\.expr: every treatment must pass a rule on a metric/],
    ['a gate on a capacity in another unit', experimentSpec({ ...SLO, gate: { rules: [{ name: 'a', expr: 'capacity >= 6 users' }] } }, { fullFactorial: undefined, search: { load: LOAD } }), /spec\.gate\.rules\[a\]\.expr: .*users/],
    ['two configurations that look alike', search({ factors: [{ ...TP, levels: [1, 1] }] }), /two treatments have the same levels: tp=1/],
    ['two treatments that look alike', until({}, { fullFactorial: { factors: [{ name: 'z', zip: [{ path: TP.path, levels: [1, 1] }, { path: RATE.path, levels: [1, 2] }] }] } }), /two treatments have the same levels: z=1 .*labels/],
    ['a load that is a factor too', search({ factors: [RATE] }), /rate/],
    ['a search that may grow too large', search({ factors: [{ ...TP, levels: Array.from({ length: 200 }, (_, i) => i + 1) }] }), /the search may grow too large: 200 configurations × 1 stand-ups × 12 loads × 6 trials \(found 14,400/],
    ['a response without a stage', until({ response: 'p50(ttft)' }), /until\.response: .*does not say of which stage.*p50\(ttft, stage=NAME\)/],
    ['a response that is none', until({ response: 'ttft' }), /until\.response: "ttft" is no response/],
    ['a response of another stage', until({ response: 'p50(ttft, stage=hgh)' }), /did you mean high\?/],
    ['a mistyped statistic', until({ response: 'p55(ttft, stage=high)' }), /until\.response: there is no statistic "p55"; did you mean/],
    ['a width in another unit', until({ relative: undefined, absolute: '5 tokens' }), /until\.absolute/],
    ['a width of nothing', until({ relative: undefined, absolute: '0ms' }), /until\.absolute: an interval has a width/],
    ['two widths', until({ absolute: '5ms' }), /set exactly one of relative, absolute/],
    ['max below min', until({ min: 5, max: 4 }), /until\.max: .*expected max: 5 or more/],
    ['stacks beside until', until({}, { replicates: { stacks: 2, until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6 } } }), /replicates\.stacks: until says how many stacks there are/],
    ['until and halving', halving({}, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6 } } }), /one of until and successiveHalving/],
    ['nothing to halve', halving({}, { fullFactorial: { factors: [TP] } }), /there is nothing to drop \(found 2 treatments, expected three or more\)/],
    ['a metric without a direction', halving({ objective: 'value(offered_rate, stage=high)' }), /nobody can say whether more or less of offered_rate is better/],
    ['goodput without bounds', { ...halving({ objective: 'value(goodput, stage=high)' }), slo: undefined }, /successiveHalving\.objective: goodput counts requests .*set spec\.slo/],
    ['runs across stacks', halving({ unit: 'runs' }), /a stack would be gone before the next rung needs it/],
    ['too many rungs', halving({ rungs: 10 }), /spec\.design\.successiveHalving: the design is too large/],
  ])('%s is refused', (_, spec, message) => {
    const result = tryPlan(spec)
    expect(result.ok ? 'it was planned' : result.problems.map(formatProblem).join('\n')).toMatch(message)
  })
})

describe('warnings', () => {
  const warnings = (spec: unknown) => planned(spec).warnings.join('\n')
  it.each<[string, unknown, RegExp]>([
    ['too few probes', search({ probes: 5 }), /5 probes may not be enough: .* takes up to \d+/],
    ['one trial of each load', search({ replicates: 1 }), /nothing is known of noise/],
    ['one stand-up', search(), /that of one stand-up/],
    ['stages that are not searched', search(), /also sends/],
    ['optional stopping', until(), /a little less often than they say/],
    ['nothing to decide', until({ min: 4, max: 4 }), /nothing is decided/],
    ['a first rung that drops by chance', halving({ margin: 0 }), /may drop the best/],
  ])('%s', (_, spec, message) => {
    expect(warnings(spec)).toMatch(message)
  })
})
