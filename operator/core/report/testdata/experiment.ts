// SPDX-License-Identifier: Apache-2.0
/** An experiment for tests and for looking at reports: a seeded model of a batching server, measured by the real code. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { measureTrial } from '../../measure/measure-trial.ts'
import { exposition, ORIGIN, record, trialJob } from '../../measure/testdata/trial.ts'
import type { Findings } from '../../model/findings.ts'
import type { RequestRecord } from '../../model/record.ts'
import type { ExperimentInput } from '../results.ts'

export interface Sample {
  readonly batches?: readonly number[]
  readonly rates?: readonly number[]
  readonly stacks?: number
  readonly runs?: number
  readonly requests?: number
  /** Of everything that is drawn: another one measures the same again. */
  readonly seed?: number
  /** Multiplies every latency. */
  readonly slower?: number
  readonly name?: string
}

const STAGES = ['low', 'high'] as const

/** TTFT and gaps grow with the load that the batch limit cannot take; every stand-up has a shift of its own. */
function records(stage: string, { rate, batch, requests, shift, draw, startMs }: { rate: number; batch: number; requests: number; shift: number; draw: () => number; startMs: number }): RequestRecord[] {
  const load = rate / (batch * 3)
  let at = startMs
  return Array.from({ length: requests }, (_, i) => {
    at += (-1000 * Math.log(1 - draw())) / rate
    const ttft = shift * (18 + 30 * load - 25 * (1 + 2 * load) * Math.log(1 - draw()))
    const gap = shift * (6 + 4 * Math.min(1, load) * (batch / 16))
    const eventsMs = Array.from({ length: 10 }, (_, k) => at + ttft + gap * (k + 0.4 * draw()))
    return record({ id: `${stage}-${i}`, stage, scheduledMs: at, sentMs: at + 0.1, firstTokenMs: eventsMs[0], endMs: eventsMs[9], eventsMs })
  })
}

export async function sampleExperiment({ batches = [8, 32], rates = [8, 24], stacks = 2, runs = 1, requests = 700, seed: first = 0, slower = 1, name = 'quickstart' }: Sample = {}): Promise<ExperimentInput> {
  const trials: Findings[] = []
  let seed = 1 + first
  for (const stack of Array.from({ length: stacks }, (_, i) => i + 1)) {
    for (const batch of batches) {
      const shift = slower * (1 + 0.06 * uniformFloat64(xoroshiro128plus(1000 * stack + batch + 7 * first)))
      for (const [rate, run] of rates.flatMap((r) => Array.from({ length: runs }, (_, i) => [r, i + 1] as const))) {
        trials.push(await sampleTrial({ name, stack, batch, rate, run, requests, shift, seed: seed++ }))
      }
    }
  }
  return {
    experiment: {
      name, namespace: 'bench',
      spec: {
        slo: { ttft: '150ms', tpot: '20ms' },
        gate: { onInsufficient: 'Fail', rules: [{ name: 'latency', expr: 'p99(ttft, stage=low) <= 2s' }, { name: 'errors', expr: 'value(error_rate) <= 1%' }] },
        design: {
          fullFactorial: {
            factors: [
              { name: 'batch', path: 'scenario.serving.args.max-num-seqs', levels: [...batches] },
              { name: 'rate', path: 'workload.load.poisson.stages[high].rate', levels: [...rates], unit: 'req/s' },
            ],
          },
          constants: {}, constraints: [], replicates: { stacks, runs }, order: { randomize: true, seed: 7 },
        },
      },
      status: { phase: 'Succeeded', run: 1, treatments: batches.length * rates.length },
    },
    trials, failed: [],
  }
}

interface One { readonly name: string; readonly stack: number; readonly batch: number; readonly rate: number; readonly run: number; readonly requests: number; readonly shift: number; readonly seed: number }

async function sampleTrial({ name: experiment, stack, batch, rate, run, requests, shift, seed }: One): Promise<Findings> {
  const rng = xoroshiro128plus(seed)
  const draw = () => uniformFloat64(rng)
  const epoch = ORIGIN + seed * 120_000
  const name = `${experiment}-1-${batch}x${rate}-s${stack}`
  const job = trialJob({
    trial: { name: `${name}-r${run}`, uid: `uid-${seed}`, experiment },
    spec: {
      treatment: { batch, rate }, replicate: { stack, run }, slo: { ttft: '150ms', tpot: '20ms' },
      workload: { load: { constant: undefined, poisson: { stages: STAGES.map((s, i) => ({ name: s, rate: i === 0 ? 4 : rate, requests })) } } },
    },
    stack: { name: `${experiment}-1-b${batch}-s${stack}`, startup: startup(stack, batch), scrape: ['http://10.0.0.1:8000/metrics'] },
  })
  const low = records('low', { rate: 4, batch, requests, shift, draw, startMs: 0 })
  const startMs = (low.at(-1)?.sentMs ?? 0) + 5000
  const high = records('high', { rate, batch, requests, shift, draw, startMs })
  const seconds = Math.ceil((high.at(-1)?.endMs ?? 0) / 1000)
  const scrapes = Array.from({ length: seconds + 1 }, (_, t) => {
    const busy = t * 1000 < startMs ? 4 / (batch * 3) : rate / (batch * 3)
    const running = Math.min(batch, Math.round(busy * batch + 2 * draw()))
    return {
      pod: `quickstart-1-b${batch}-s${stack}-model-0`, atMs: t * 1000, epochMs: epoch + t * 1000,
      text: exposition({ running, waiting: busy > 0.9 ? Math.round(6 * draw() * busy) : 0, kv: Math.min(1, 0.05 + 0.6 * busy + 0.05 * draw()), queries: 500 * t, hits: 0, tokens: Math.round(t * 1000 < startMs ? 40 * t : 0.04 * startMs + 10 * rate * (t - startMs / 1000)) }),
    }
  })
  const { findings } = await measureTrial({
    job, scrapes, harness: { exitCode: 0, timedOut: false, oomKilled: false }, artifacts: [], time: { startEpochMs: epoch - 800, endEpochMs: epoch + seconds * 1000 + 900 },
    adapter: {
      records: [...low, ...high],
      stages: STAGES.map((s) => ({ name: s, kind: 'poisson', startMs: 0, sendEndMs: 0, endMs: 0 })),
      client: { clock: { epochMs: epoch, source: 'monotonic' }, cpuUtilization: 0.31, loopLagP99Ms: 1.2 }, claims: [], tool: { name: 'native', version: '0.1.0' }, notes: [],
    },
  })
  return findings
}

function startup(stack: number, batch: number): Findings['startup'] {
  const wobble = ((stack * 7 + batch) % 5) / 10
  const phases = [{ name: 'schedule', seconds: 0.2 + wobble / 4 }, { name: 'pull', seconds: 1.1 + wobble }, { name: 'start', seconds: 0.6 }, { name: 'ready', seconds: 2.3 + wobble }]
  return { pods: [{ pod: `quickstart-1-b${batch}-s${stack}-model-0`, node: 'node-1', phases, imagePulled: true }], totalSeconds: 5.1 + 2 * wobble }
}
