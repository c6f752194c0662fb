// SPDX-License-Identifier: Apache-2.0
/** What is on record of one trial beyond what can be applied: images by digest, rendered values, arguments, seeds, data, hardware. Pure. */
import { z } from 'zod'
import { isObject } from '../../core/design/path.ts'
import { ChartSeen, ImageSeen } from '../../core/model/deployed.ts'
import type { Findings } from '../../core/model/findings.ts'
import { LABELS, type Trial } from '../../core/model/kinds.ts'
import type { ScenarioSpec } from '../../core/model/scenario.ts'
import type { PodFact } from '../../core/model/stack.ts'
import { sources } from '../../core/reconcile/trial-objects.ts'
import { valuesOf } from './stack-files.ts'
import type { TrialSubject } from './trial-subject.ts'

const Text = z.record(z.string(), z.unknown())

/** What cannot be applied but must be known to compare: it lies in the bundle as a ConfigMap. */
export const BundleRecord = z.object({
  schema: z.literal('assay.dev/bundle/v1'),
  trial: z.object({ name: z.string(), namespace: z.string(), uid: z.string().optional(), experiment: z.string().optional(), specDigest: z.string().optional() }),
  model: z.object({ name: z.string(), revision: z.string().optional() }),
  harness: z.object({ name: z.string(), version: z.string(), image: z.string() }),
  images: z.array(ImageSeen.omit({ args: true })),
  charts: z.array(ChartSeen),
  /** Rendered values by release. */
  values: Text,
  requests: z.object({ sha256: z.string().optional(), count: z.number().optional(), tokenizer: z.string().optional() }),
  seeds: z.object({ arrival: z.number(), content: z.number() }),
  hardware: z.object({ gpus: z.number(), products: z.array(z.string()), nodes: z.array(z.string()) }),
  args: z.record(z.string(), z.array(z.string())),
  versions: z.object({ assay: z.string().optional(), exportedBy: z.string() }),
  /** What the other cluster must have already. */
  needs: z.array(z.string()),
})
export type BundleRecord = z.infer<typeof BundleRecord>

export const BUNDLE_ROLE = 'bundle'
export const RECORD_KEY = 'bundle.json'

export function recordOf({ trial, stack, findings }: TrialSubject, exportedBy: string): BundleRecord {
  const { scenario } = stack.spec
  const { pods = [], releases = [] } = stack.status ?? {}
  const { name, namespace = '', uid, labels } = trial.metadata
  const values = valuesByRelease(stack)
  const live = pods.filter((p) => p.serving !== false).flatMap((p) => p.containers ?? []).map(({ name: container, image, imageID, args }): ImageSeen => ({ name: container, image, digest: imageID, args }))
  // What was measured is on record with it; the stack may be gone, or another one by now.
  const seen = findings?.provenance.images ?? live
  return {
    schema: 'assay.dev/bundle/v1',
    trial: { name, namespace, uid, experiment: labels?.[LABELS.experiment], specDigest: findings?.provenance.specDigest },
    model: { name: scenario.model.name, revision: scenario.model.revision },
    harness: { name: trial.spec.harnessName, version: findings?.tool.version ?? trial.spec.harness.version, image: trial.spec.harness.image },
    images: seen.map(({ args: _args, ...image }) => image),
    charts: findings?.provenance.charts.length ? findings.provenance.charts : chartsOf(scenario, releases), values, requests: requestsOf(trial, findings), seeds: trial.spec.seeds,
    hardware: hardwareOf(scenario, { pods, findings }),
    args: Object.fromEntries(seen.flatMap((c) => (c.args === undefined ? [] : [[c.name, c.args]]))),
    versions: { assay: findings?.provenance.operatorVersion, exportedBy },
    needs: needsOf(trial, scenario, values),
  }
}

function requestsOf({ spec }: Trial, findings: Findings | undefined): BundleRecord['requests'] {
  const { requestsSha256, requestsCount, tokenizer = spec.workload.tokenizer.name } = findings?.provenance ?? {}
  return { sha256: requestsSha256, count: requestsCount, tokenizer }
}

function hardwareOf({ accelerator }: ScenarioSpec, { pods, findings }: { readonly pods: readonly PodFact[]; readonly findings: Findings | undefined }): BundleRecord['hardware'] {
  const nodes = [...pods, ...(findings?.startup?.pods ?? [])].map((p) => p.node)
  return { gpus: findings?.gpus ?? 0, products: distinct([...pods.map((p) => p.gpuProduct), accelerator.product]), nodes: distinct(nodes) }
}

const distinct = (values: readonly (string | undefined)[]): string[] => [...new Set(values.filter((v): v is string => v !== undefined && v !== ''))].sort()

function chartsOf(scenario: ScenarioSpec, installed: NonNullable<NonNullable<TrialSubject['stack']['status']>['releases']>): BundleRecord['charts'] {
  return (scenario.deploy?.releases ?? []).map(({ name, chart, version }) => {
    const known = installed.find((r) => r.name === name)
    const source = chart.bundled ?? chart.oci ?? (chart.repository === undefined ? chart.configMap?.name ?? '' : `${chart.repository.url}/${chart.repository.name}`)
    return { release: name, chart: known?.chart ?? [source, version].filter(Boolean).join(' '), digest: known?.chartDigest, valuesDigest: known?.valuesDigest }
  })
}

/** By the name that a release has within the scenario: Helm's own name begins with that of the stack. */
function valuesByRelease(stack: TrialSubject['stack']): Record<string, unknown> {
  const { name } = stack.metadata
  return Object.fromEntries(Object.entries(valuesOf(stack)).map(([release, values]) => [release.replace(`${name}-`, ''), values]))
}

/** Secrets and volumes are never part of a bundle. */
function needsOf(trial: Trial, { endpoint, model }: ScenarioSpec, values: Readonly<Record<string, unknown>>): string[] {
  const secrets = [endpoint?.credentials?.secretKeyRef.name, ...trial.spec.harness.env.map((e) => e.secretKeyRef?.name), ...secretsIn(values)]
  const volumes = [model.volume?.claimName, ...sources(trial).map(({ source }) => source.volume?.claimName)]
  return [...distinct(secrets).map((name) => `Secret ${name}`), ...distinct(volumes).map((name) => `PersistentVolumeClaim ${name}`)]
}

/** Charts name Secrets by members such as tokenSecretName; which is a habit, and all that can be known of a foreign chart. */
function secretsIn(values: unknown): string[] {
  if (!isObject(values)) return []
  return Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' ? (/secret(Name)?$/i.test(key) ? [value] : []) : secretsIn(value)))
}
