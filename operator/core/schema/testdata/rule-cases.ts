// SPDX-License-Identifier: Apache-2.0
/** Which objects are refused on creation and in which words: the API server, the model and the editors' schemas must all agree with it. */
import type { KindName } from '../../model/kinds.ts'

export type Changes = Readonly<Record<string, unknown>>
/** What it is, its kind, how the smallest valid object is changed, and the words of the refusal (none: it is accepted). */
export type RuleCase = readonly [what: string, kind: KindName, changes: Changes, refusal: RegExp | '']

const RELEASE = { name: 'model', chart: { bundled: 'vllm' } }
const deployed = (release: object): Changes => ({ deploy: { releases: [release] }, endpoint: { service: '{{release.model}}' } })
const factor = (members: object): Changes => ({ design: { fullFactorial: { factors: [{ name: 'tp', ...members }] } } })
const TWO = { name: 'tp', path: 'p', levels: [1, 2] }
const fraction = (members: object): Changes => ({ design: { fractionalFactorial: { factors: [TWO], ...members } } })
const ranged = (members: object): Changes => ({ design: { latinHypercube: { points: 4, factors: [{ name: 'tp', path: 'p', ...members }] } } })
const load = (members: object): Changes => ({ load: members })
const stage = (members: object): Changes => load({ poisson: { stages: [{ name: 'main', rate: 1, ...members }] } })
const mapping = (members: object): Changes => ({ 'results.adapter': 'mapping', 'results.mapping': { format: 'jsonl', files: '*.jsonl', fields: { sent: { path: 'a', unit: 's' } }, ...members } })
const input = (members: object): Changes => ({ 'data.synthetic.input': members })
const NORMAL = { normal: { mean: 550, stddev: 150 }, min: 1, outside: 'redraw' }
const likeLlmperf = (members: object): Changes => ({ data: { lines: { originalSeed: 11_111, source: { inline: 'a line' }, input: NORMAL, output: NORMAL, ...members } } })

export const ON_CREATE: readonly RuleCase[] = [
  ['a bundled chart', 'Scenario', deployed(RELEASE), ''],
  ['two charts', 'Scenario', deployed({ ...RELEASE, chart: { bundled: 'vllm', path: '.' } }), /chart: set exactly one of bundled, oci, repository, configMap, path/],
  ['no chart', 'Scenario', deployed({ ...RELEASE, chart: {} }), /chart: set exactly one of/],
  ['an oci chart without version', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c' } }), /release: a chart from a repository or a registry needs version/],
  ['an oci chart with version', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c' }, version: '1.0.0' }), ''],
  ['an oci chart pinned by digest', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c@sha256:00' } }), ''],
  ['a repository chart without version', 'Scenario', deployed({ ...RELEASE, chart: { repository: { url: 'https://h', name: 'c' } } }), /needs version/],
  ['two releases of one name', 'Scenario', { deploy: { releases: [RELEASE, RELEASE] }, endpoint: { service: 's' } }, /Duplicate value/],
  ['an endpoint with url and service', 'Scenario', { 'endpoint.service': 's' }, /endpoint: set exactly one of service, url/],
  ['an endpoint with neither', 'Scenario', { endpoint: {} }, /endpoint: set exactly one of service, url/],
  ['a deployed scenario with a url', 'Scenario', { deploy: { releases: [RELEASE] } }, /endpoint.url names a server that is there already/],
  ['a deployed scenario without endpoint', 'Scenario', { deploy: { releases: [RELEASE] }, endpoint: undefined }, /a deployed scenario needs endpoint.service/],
  ['neither deploy nor endpoint', 'Scenario', { endpoint: undefined }, ''],
  ['an open map with null and flags', 'Scenario', { serving: { args: { a: null, b: true, c: 1.5, d: [1, { e: 'x' }] } } }, ''],
  ['a quantity that is none', 'Scenario', { accelerator: { memory: '80 GB' } }, /spec.accelerator.memory/],
  ['a duration that is none', 'Scenario', { readiness: { timeout: 'soon' } }, /spec.readiness.timeout/],
  ['no accelerators at all', 'Scenario', { accelerator: { perReplica: -1 } }, /spec.accelerator.perReplica/],
  ['parameters of zero', 'Scenario', { 'model.parameters': 0 }, /spec.model.parameters/],

  ['two kinds of load', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 1, duration: '1s' }] }, synchronous: { requests: 1 } }), /load: set exactly one of/],
  ['no load', 'WorkloadProfile', load({}), /load: set exactly one of/],
  ['two kinds of data', 'WorkloadProfile', { 'data.prompts': { source: { inline: 'x' } } }, /data: set exactly one of/],
  ['a stage with two ends', 'WorkloadProfile', stage({ duration: '1s', requests: 1 }), /stage: set exactly one of duration, requests/],
  ['a stage without end', 'WorkloadProfile', stage({}), /stage: set exactly one of duration, requests/],
  ['a stage by requests', 'WorkloadProfile', stage({ requests: 5 }), ''],
  ['two stages of one name', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 1, requests: 1 }, { name: 'a', rate: 2, requests: 1 }] } }), /Duplicate value/],
  ['a rate of zero', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 0, requests: 1 }] } }), /spec.load.poisson.stages\[0\].rate/],
  ['a synchronous load without end', 'WorkloadProfile', load({ synchronous: {} }), /stage: set exactly one of/],
  ['a throughput load with one end', 'WorkloadProfile', load({ throughput: { requests: 3 } }), ''],
  ['a sweep with two ends', 'WorkloadProfile', load({ sweep: { from: 1, to: 2, steps: 2, duration: '1s', requests: 1 } }), /stage: set exactly one of/],
  ['a trace without trace data', 'WorkloadProfile', load({ trace: {} }), /load.trace replays the time stamps of data.trace/],
  ['a trace with trace data', 'WorkloadProfile', { load: { trace: {} }, data: { trace: { source: { inline: 'x' }, format: 'jsonl' } } }, ''],
  ['sessions without turns', 'WorkloadProfile', load({ sessions: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }), /load.sessions needs turns/],
  ['sessions with turns', 'WorkloadProfile', { ...load({ sessions: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }), 'data.synthetic.turns': { count: 2 } }, ''],
  ['two distributions', 'WorkloadProfile', input({ fixed: 1, uniform: { min: 1, max: 2 } }), /lengths: set exactly one of/],
  ['a closed loop with two ends', 'WorkloadProfile', load({ concurrent: { stages: [{ name: 'a', concurrency: 1, duration: '1s', requests: 1 }] } }), ''],
  ['a closed loop without end', 'WorkloadProfile', load({ concurrent: { stages: [{ name: 'a', concurrency: 1 }] } }), /stage: set one of duration, requests, or several/],
  ['lines of no text', 'WorkloadProfile', { data: { lines: { input: { fixed: 50 }, output: { fixed: 1 } } } }, ''],
  ['redrawn lengths without bounds', 'WorkloadProfile', input({ fixed: 1, outside: 'redraw' }), /lengths: outside speaks of min and max: set one of them/],
  ['redrawn lengths with a bound', 'WorkloadProfile', input({ fixed: 1, min: 1, outside: 'redraw' }), ''],
  ['numbers in words', 'WorkloadProfile', { data: { correctness: {} }, 'api.ignoreEos': false }, ''],
  ['numbers in words without end', 'WorkloadProfile', { data: { correctness: {} } }, /data.correctness wants answers that end by themselves: set api.ignoreEos to false/],
  ['a text for no lines', 'WorkloadProfile', { data: { correctness: { source: { inline: 'x' } } }, 'api.ignoreEos': false }, /correctness: source is for lines: set lines/],
  ['a text for lines', 'WorkloadProfile', { data: { correctness: { source: { inline: 'x' }, lines: {} } }, 'api.ignoreEos': false }, ''],
  ['LLMPerf\'s own prompts', 'WorkloadProfile', likeLlmperf({}), ''],
  ['LLMPerf\'s own prompts of no text', 'WorkloadProfile', likeLlmperf({ source: undefined }), /lines: originalSeed makes LLMPerf's prompts: set source/],
  ['LLMPerf\'s own prompts of a fixed length', 'WorkloadProfile', likeLlmperf({ output: { fixed: 5 } }), /set source, and input and output as normal/],
  ['LLMPerf\'s own prompts, capped', 'WorkloadProfile', likeLlmperf({ input: { normal: { mean: 5, stddev: 1 }, max: 9 } }), /no max, min 1, outside redraw/],
  ['llmval\'s own prompts of no text', 'WorkloadProfile', { data: { correctness: { originalSeed: 117, lines: {} } }, 'api.ignoreEos': false }, /which are of a file: set source/],
  ['LLMPerf\'s own numbers', 'WorkloadProfile', { data: { correctness: { originalSeed: 117 } }, 'api.ignoreEos': false }, ''],
  ['a round without end', 'WorkloadProfile', load({ rounds: { stages: [{ name: 'a', concurrency: 1, period: '1s' }] } }), /stage: set one of duration, requests, or several/],
  ['a round', 'WorkloadProfile', load({ rounds: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }), ''],
  ['clamps alone', 'WorkloadProfile', input({ min: 1, max: 2 }), /lengths: set exactly one of/],
  ['a Zipf exponent of 1', 'WorkloadProfile', input({ zipf: { exponent: 1, scale: 2 } }), /exponent/],
  ['a source from two places', 'WorkloadProfile', { data: { prompts: { source: { inline: 'x', path: 'y' } } } }, /source: set exactly one of inline, configMap, volume, path/],
  ['an error rate above 1', 'WorkloadProfile', { 'load.stop': { errorRate: 1.5 } }, /errorRate/],

  ['a load that does not exist', 'Harness', { 'supports.load': ['gentle'] }, /Unsupported value: "gentle"/],
  ['a variable with value and secret', 'Harness', { env: [{ name: 'A', value: 'x', secretKeyRef: { name: 's', key: 'k' } }] }, /env: set at most one of value, secretKeyRef/],
  ['a variable from a secret', 'Harness', { env: [{ name: 'A', secretKeyRef: { name: 's', key: 'k' } }] }, ''],
  ['an empty variable', 'Harness', { env: [{ name: 'A' }] }, ''],
  ['a mapping', 'Harness', mapping({}), ''],
  ['an adapter mapping without one', 'Harness', { 'results.adapter': 'mapping' }, /results: set mapping with adapter "mapping", and only with it/],
  ['a mapping with another adapter', 'Harness', { ...mapping({}), 'results.adapter': 'native' }, /results: set mapping with adapter "mapping", and only with it/],
  ['a mapping of a form that does not exist', 'Harness', mapping({ format: 'xml' }), /xml/],
  ['a mapping of json without rows', 'Harness', mapping({ format: 'json' }), /mapping: of json, set rows or columns: true/],
  ['a mapping of json with columns that are none', 'Harness', mapping({ format: 'json', columns: false }), /mapping: of json, set rows or columns: true/],
  ['a mapping of json with columns', 'Harness', mapping({ format: 'json', columns: true }), ''],
  ['a mapping of json with rows', 'Harness', mapping({ format: 'json', rows: 'requests', claims: [{ metric: 'ttft', path: 'a', unit: 'ms' }] }), ''],
  ['a mapping of json with both', 'Harness', mapping({ format: 'json', rows: 'requests', columns: true }), /mapping: set at most one of rows, columns/],
  ['a mapping of csv with rows', 'Harness', mapping({ format: 'csv', rows: 'requests' }), /are for json only/],
  ['a mapping of csv with claims', 'Harness', mapping({ format: 'csv', claims: [{ metric: 'ttft', path: 'a', unit: 'ms' }] }), /are for json only/],
  ['a condition with two questions', 'Harness', mapping({ ok: [{ path: 'a', is: 'empty', equals: ['b'] }] }), /condition: set exactly one of equals, is/],
  ['a time without unit', 'Harness', mapping({ fields: { sent: { path: 'a' } } }), /unit/],

  ['a scenario and its reference', 'Experiment', { scenario: { model: { name: 'm' } } }, /spec: set exactly one of scenario, scenarioRef/],
  ['no scenario', 'Experiment', { scenarioRef: undefined }, /spec: set exactly one of scenario, scenarioRef/],
  ['an inline scenario', 'Experiment', { scenarioRef: undefined, scenario: { model: { name: 'm' } } }, ''],
  ['a budget', 'Experiment', { budget: { gpuHours: 1.5, money: { amount: 20, currency: 'EUR' }, wallTime: '8h' } }, ''],
  ['a budget without limits', 'Experiment', { budget: {} }, /budget: set at least one of gpuHours, money, wallTime/],
  ['a budget of nothing', 'Experiment', { budget: { gpuHours: 0 } }, /spec.budget.gpuHours/],
  ['two prices of one product', 'Experiment', { prices: [{ product: 'a', amount: 1 }, { product: 'a', amount: 2 }] }, /Duplicate value/],
  ['no workload', 'Experiment', { workloadRef: undefined }, /spec: set exactly one of workload, workloadRef/],
  ['no harness', 'Experiment', { harnessRef: undefined }, /spec: set exactly one of harness, harnessRef/],
  ['no design', 'Experiment', { design: undefined }, /spec.design: Required value/],
  ['an empty design', 'Experiment', { design: {} }, /design: set exactly one of fullFactorial, fractionalFactorial, plackettBurman, oneFactorAtATime/],
  ['two designs', 'Experiment', { 'design.fullFactorial': { factors: [{ name: 'a', path: 'p', levels: [1] }] } }, /design: set exactly one of/],
  ['a factor', 'Experiment', factor({ path: 'p', levels: [1, 'two', null, { three: 3 }, [4]] }), ''],
  ['a zipped factor', 'Experiment', factor({ zip: [{ path: 'p', levels: [1] }, { path: 'q', levels: [2] }] }), ''],
  ['a factor without levels', 'Experiment', factor({ path: 'p' }), /factors\[0\].levels: Required value/],
  ['a factor without levels, empty', 'Experiment', factor({ path: 'p', levels: [] }), /levels in body should have at least 1 items/],
  ['a factor without path', 'Experiment', factor({ levels: [1] }), /factor: set exactly one of path, zip/],
  ['a factor with path and zip', 'Experiment', factor({ path: 'p', zip: [{ path: 'q', levels: [1] }] }), /factor: set exactly one of path, zip/],
  ['a zipped factor with levels', 'Experiment', factor({ levels: [1], zip: [{ path: 'q', levels: [1] }] }), /must validate one and only one schema/],
  ['two factors of one name', 'Experiment', { design: { fullFactorial: { factors: [{ name: 'a', path: 'p', levels: [1] }, { name: 'a', path: 'q', levels: [1] }] } } }, /Duplicate value/],
  ['a factor name that no expression can hold', 'Experiment', { design: { fullFactorial: { factors: [{ name: 'a-b', path: 'p', levels: [1] }] } } }, /factors\[0\].name/],
  ['a fraction by generators', 'Experiment', fraction({ generators: ['D=ABC'], foldover: {}, centerPoints: 3 }), ''],
  ['a fraction by resolution, folded over one factor', 'Experiment', fraction({ resolution: 4, foldover: { factors: ['tp'] } }), ''],
  ['a fraction of nothing', 'Experiment', fraction({}), /a fraction needs generators \(such as D=ABC\)/],
  ['a fraction of two kinds', 'Experiment', fraction({ resolution: 4, runs: 8 }), /set exactly one of generators, resolution, runs/],
  ['a factor with a condition and a centre', 'Experiment', factor({ path: 'p', levels: [1, 2], center: 1.5, when: 'mode == "b"' }), ''],
  ['a zipped factor with a centre', 'Experiment', factor({ zip: [{ path: 'p', levels: [1, 2], center: 1.5 }] }), ''],
  ['a range', 'Experiment', ranged({ low: 1, high: 8, scale: 'log', step: 1 }), ''],
  ['levels in a range\'s place', 'Experiment', ranged({ levels: [1, 'two'] }), ''],
  ['zipped levels in a range\'s place', 'Experiment', ranged({ path: undefined, zip: [{ path: 'p', levels: [1] }] }), ''],
  ['half a range', 'Experiment', ranged({ low: 1 }), /low and high go together|must validate one and only one schema/],
  ['a scale of levels', 'Experiment', ranged({ levels: [1], scale: 'log' }), /low and high go together, and scale and step belong to them/],
  ['levels and a range', 'Experiment', ranged({ levels: [1], low: 1, high: 2 }), /must validate one and only one schema/],
  ['a step of nothing', 'Experiment', ranged({ low: 1, high: 2, step: 0 }), /step/],
  ['blocks and effects', 'Experiment', { 'design.blocks': { count: 2, generators: ['tp:rate'] }, 'design.effects': ['tp', 'tp:rate'] }, ''],
  ['one block', 'Experiment', { 'design.blocks': { count: 1 } }, /blocks.count/],
  ['a gate without rules', 'Experiment', { gate: { rules: [] } }, /spec.gate.rules/],

  ['a stack with both', 'Stack', { scenario: { model: { name: 'm' } } }, /spec: set exactly one of scenario, scenarioRef/],
  ['a stack with neither', 'Stack', { scenarioRef: undefined }, /spec: set exactly one of scenario, scenarioRef/],
  ['a trial without stack', 'Trial', { stackRef: undefined }, /spec.stackRef: Required value/],
]
