// SPDX-License-Identifier: Apache-2.0
/** One of our kinds → the CustomResourceDefinition that the API server is given; it writes no file. */
import type { CelRule } from '../model/common.ts'
import { GROUP, type KindInfo, type PrinterColumn, VERSION } from '../model/kinds.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { structural, type StructuralSchema, validations } from './structural.ts'

export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: {
    readonly group: string
    readonly names: Readonly<Record<string, unknown>>
    readonly scope: 'Namespaced'
    readonly versions: readonly CrdVersion[]
  }
}

interface CrdVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly schema: { readonly openAPIV3Schema: StructuralSchema }
  readonly subresources?: { readonly status: Readonly<Record<string, never>> }
  readonly additionalPrinterColumns: readonly PrinterColumn[]
}

/** The same words that the API server publishes for every object. */
export const API_VERSION_TEXT = 'Version of the schema of this object, always assay.dev/v1alpha1.'
export const KIND_TEXT = 'Kind of the object.'

export function crdOf(info: KindInfo): CustomResourceDefinition {
  const { kind, plural, singular, shortNames } = info
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}`, labels: { 'app.kubernetes.io/part-of': 'assay' } },
    spec: {
      group: GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories: ['assay'] },
      scope: 'Namespaced',
      versions: [version(info)],
    },
  }
}

/** As the chart carries it: deleting a CRD would delete every Experiment, so Helm leaves it behind. */
export function keptAtUninstall(crd: CustomResourceDefinition): CustomResourceDefinition {
  return { ...crd, metadata: { ...crd.metadata, annotations: { 'helm.sh/resource-policy': 'keep' } } }
}

function version(info: KindInfo): CrdVersion {
  return {
    name: VERSION,
    served: true,
    storage: true,
    additionalPrinterColumns: info.columns,
    ...(info.status === undefined ? {} : { subresources: { status: {} } }),
    schema: { openAPIV3Schema: root(info) },
  }
}

function root(info: KindInfo): StructuralSchema {
  return {
    description: info.description,
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: API_VERSION_TEXT },
      kind: { type: 'string', description: KIND_TEXT },
      metadata: { type: 'object' },
      spec: structural(jsonSchemaOf(info.spec), `${info.kind}.spec`),
      ...(info.status === undefined ? {} : { status: structural(jsonSchemaOf(info.status), `${info.kind}.status`) }),
    },
    ...validations([...nameRules(info.maxNameLength), ...(info.rules ?? [])]),
  }
}

function nameRules(longest: number | undefined): readonly CelRule[] {
  if (longest === undefined) return []
  return [{ rule: `size(self.metadata.name) <= ${longest}`, message: `metadata.name must be at most ${longest} characters: names and labels of other objects are built from it` }]
}
