// SPDX-License-Identifier: Apache-2.0
/** The building blocks that all kinds share: names, durations, open maps, references. It knows no kind. */
import { z } from 'zod'

/** A CEL rule that the API server evaluates at admission. */
export interface CelRule {
  readonly rule: string
  readonly message: string
  readonly fieldPath?: string
  readonly reason?: string
  readonly optionalOldSelf?: boolean
  /** The same as JSON Schema, for editors; it stays out of the CRD, where structural schemas have no unions. */
  readonly editor?: Readonly<Record<string, unknown>>
}

/** CEL: exactly one of the named optional members is set. */
export function exactlyOne(members: readonly string[], what: string): CelRule {
  return {
    editor: { oneOf: members.map((m) => ({ required: [m] })) },
    rule: `[${members.map((m) => `has(self.${m})`).join(', ')}].filter(x, x).size() == 1`,
    message: `${what}: set exactly one of ${members.join(', ')}`,
  }
}

/** CEL: at most one of the named optional members is set. */
export function atMostOne(members: readonly string[], what: string): CelRule {
  return {
    editor: { not: { anyOf: pairs(members).map((required) => ({ required })) } },
    rule: `[${members.map((m) => `has(self.${m})`).join(', ')}].filter(x, x).size() <= 1`,
    message: `${what}: set at most one of ${members.join(', ')}`,
  }
}

function pairs(members: readonly string[]): string[][] {
  return members.flatMap((a, i) => members.slice(i + 1).map((b) => [a, b]))
}

/** Arguments for zod's refine, the twin of exactlyOne: files are refused with the same words without an API server. */
export function refined(members: readonly string[], what: string): [(value: object) => boolean, { error: string }] {
  const set = (value: object) => members.filter((m) => (value as Readonly<Record<string, unknown>>)[m] !== undefined)
  return [(value) => set(value).length === 1, { error: `${what}: set exactly one of ${members.join(', ')}` }]
}

/** CEL: one of the named optional members is set, or several are. */
export function atLeastOne(members: readonly string[], what: string): CelRule {
  return {
    editor: { anyOf: members.map((m) => ({ required: [m] })) },
    rule: members.map((m) => `has(self.${m})`).join(' || '),
    message: `${what}: set one of ${members.join(', ')}, or several`,
  }
}

/** Arguments for zod's refine, the twin of atLeastOne. */
export function refinedSome(members: readonly string[], what: string): [(value: object) => boolean, { error: string }] {
  return [(value) => members.some((m) => (value as Readonly<Record<string, unknown>>)[m] !== undefined), { error: `${what}: set one of ${members.join(', ')}, or several` }]
}

/** Arguments for zod's refine, the twin of a list of type map: the API server refuses two items of one name. */
export function namedOnce(what: string): [(items: readonly { readonly name: string }[]) => boolean, { error: string }] {
  return [(items) => new Set(items.map((item) => item.name)).size === items.length, { error: `${what}: two have the same name` }]
}

/** A map whose values may be anything: its keys belong to somebody else (a chart, an engine, a tool). */
export const OpenMap = z.record(z.string(), z.unknown())
/** Marks an open map or value for the CRD. Every use adds its own description. */
export const openMap = (description: string) => OpenMap.meta({ description, 'x-kubernetes-preserve-unknown-fields': true })
/** A value of any type; its real type is checked in the controller. */
export const anyValue = (description: string) => z.unknown().meta({ description, 'x-kubernetes-preserve-unknown-fields': true })

/** A duration as Go and Kubernetes write it: `500ms`, `30s`, `25m`, `12h`, `1h30m`. */
export const DURATION_PATTERN = /^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$/
export const duration = (description: string) =>
  z.string().max(32).regex(DURATION_PATTERN, 'expected a duration such as 500ms, 30s, 25m or 12h').meta({ description })

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a duration; throws RangeError on text that is not one. */
export function durationMs(text: string): number {
  if (!DURATION_PATTERN.test(text)) throw new RangeError(`"${text}" is not a duration such as 500ms, 30s, 25m or 12h`)
  let total = 0
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h|d)/g)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  return total
}

/** A Kubernetes quantity: `80Gi`, `500m`, `2`. */
export const quantity = (description: string) =>
  z.string().max(32).regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/, 'expected a quantity such as 500m, 2 or 80Gi').meta({ description })

const QUANTITY_FACTOR: Readonly<Record<string, number>> = {
  '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
}

/** The number that a quantity stands for (bytes, cores, pieces); NaN when it is not one. */
export function quantityValue(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)([a-zA-Z]*)$/.exec(text)
  return match ? Number(match[1]) * (QUANTITY_FACTOR[match[2] ?? ''] ?? Number.NaN) : Number.NaN
}

/** A DNS label, as names of releases, stages, factors and factors' treatments must be. */
export const dnsLabel = (description: string, maxLength = 63) =>
  z.string().min(1).max(maxLength).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected lower-case letters, digits and hyphens').meta({ description })

/** An identifier that expressions can use: a factor, a constant, a metric. */
export const identifier = (description: string) =>
  z.string().min(1).max(40).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a letter, then letters, digits or underscores').meta({ description })

export const text = (description: string, maxLength = 1024) => z.string().max(maxLength).meta({ description })

export const ObjectName = z.string().min(1).max(253)
export const nameRef = (description: string) =>
  z.object({ name: ObjectName.meta({ description: 'Name of the object, in the same namespace.' }) }).meta({ description })

export const SecretKeyRef = z.object({
  name: ObjectName.meta({ description: 'Name of the Secret, in the same namespace.' }),
  key: z.string().min(1).max(253).meta({ description: 'Key within the Secret.' }),
}).meta({ description: 'A value that is read from a Secret by the pod that needs it; the operator never reads it.' })
export type SecretKeyRef = z.infer<typeof SecretKeyRef>

export const EnvVar = z.object({
  name: z.string().min(1).max(128).meta({ description: 'Name of the environment variable.' }),
  value: text('Its value.', 4096).optional(),
  secretKeyRef: SecretKeyRef.optional(),
}).refine((e) => e.value === undefined || e.secretKeyRef === undefined, { error: 'env: set at most one of value, secretKeyRef' })
  .meta({ description: 'An environment variable, by value or from a Secret.', 'x-kubernetes-validations': [atMostOne(['value', 'secretKeyRef'], 'env')] })
export type EnvVar = z.infer<typeof EnvVar>

/** Resource requests and limits, as Kubernetes writes them. */
export const Resources = z.object({
  requests: openMap('Requested amounts by resource name, such as cpu: 500m or nvidia.com/gpu: 1.').optional(),
  limits: openMap('Limits by resource name.').optional(),
}).meta({ description: 'Compute resources of the container.' })

export const Toleration = z.object({
  key: text('Taint key.', 253).optional(),
  operator: z.enum(['Exists', 'Equal']).meta({ description: 'How the value is compared.' }).optional(),
  value: text('Taint value.', 253).optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).meta({ description: 'Taint effect.' }).optional(),
  tolerationSeconds: z.int().min(0).max(1_000_000_000).meta({ description: 'How long NoExecute is tolerated, in seconds.' }).optional(),
}).meta({ description: 'A toleration for a node taint.' })

export const Condition = z.object({
  type: z.string().max(316).meta({ description: 'Kind of condition, such as Ready or Complete.' }),
  status: z.enum(['True', 'False', 'Unknown']).meta({ description: 'Whether it holds.' }),
  reason: z.string().max(1024).meta({ description: 'One CamelCase word: why.' }),
  message: z.string().max(32768).meta({ description: 'The same for people.' }),
  lastTransitionTime: z.string().max(64).meta({ description: 'When status last changed.', format: 'date-time' }),
  observedGeneration: z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ description: 'Generation of the spec that it speaks of.' }).optional(),
})
export type Condition = z.infer<typeof Condition>

export const conditions = z.array(Condition).max(32)
  .meta({ description: 'State as kstatus reads it (Ready, Reconciling, Stalled) and the kind\'s own conditions.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })

export const timestamp = (description: string) => z.string().max(64).meta({ description, format: 'date-time' })
export const count = (description: string) => z.int().min(0).max(1_000_000_000).meta({ description })
