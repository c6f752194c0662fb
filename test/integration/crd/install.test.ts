// SPDX-License-Identifier: Apache-2.0
/** The CRDs as users meet them: established, explained, listed in columns, found by short name and category. */
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { GROUP, KINDS, type KindInfo, VERSION } from '../../../operator/core/model/kinds.ts'
import { objectOf } from '../../../operator/core/schema/testdata/valid-objects.ts'
import { kubectl, useNamespace } from '../cluster.ts'
import { useObjects } from './api.ts'

const namespace = useNamespace('crd-install')
const objects = useObjects(namespace)
const kinds: readonly KindInfo[] = Object.values(KINDS)
type KindName = keyof typeof KINDS

interface PublishedSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, PublishedSchema>>
  readonly items?: PublishedSchema
  readonly additionalProperties?: PublishedSchema
  readonly allOf?: readonly PublishedSchema[]
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[]
}

describe.each(kinds)('$kind', ({ kind, plural, columns, shortNames }) => {
  it('is established and structural', async () => {
    const crd = parse(await kubectl(['get', 'crd', `${plural}.${GROUP}`, '-o', 'yaml'])) as { status: { conditions: { type: string; status: string }[]; storedVersions: string[] } }
    const conditions = Object.fromEntries(crd.status.conditions.map(({ type, status }) => [type, status]))
    expect(conditions).toMatchObject({ Established: 'True', NamesAccepted: 'True' })
    expect(conditions).not.toHaveProperty('NonStructuralSchema')
    expect(crd.status.storedVersions).toEqual([VERSION])
  })

  it('is found by its short names', async () => {
    for (const name of shortNames) expect(await kubectl(['api-resources', '--api-group', GROUP, '--no-headers'])).toMatch(new RegExp(`^${plural}\\s+(\\S+,)?${name}(,\\S+)?\\s`, 'm'))
  })

  it('shows its columns', async () => {
    await objects.apply(objectOf(kind as KindName), { dryRun: false })
    const title = (names: KindInfo['columns']) => ['NAME', ...names.map(({ name }) => name.toUpperCase())]
    const head = async (...flags: string[]) => (await kubectl(['get', `${plural}.${GROUP}`, '-n', namespace(), ...flags])).split('\n')[0]?.trim().split(/\s{2,}/)
    expect(await head()).toEqual(title(columns.filter(({ priority = 0 }) => priority === 0)))
    expect(await head('-o', 'wide')).toEqual(title(columns))
  })
})

it('the category names all kinds', async () => {
  const resources = await kubectl(['api-resources', '--categories', 'assay', '-o', 'name'])
  expect(resources.trim().split('\n').sort()).toEqual(kinds.map(({ plural }) => `${plural}.${GROUP}`).sort())
})

describe('kubectl explain', () => {
  let published: Readonly<Record<string, PublishedSchema>> = {}
  beforeAll(async () => {
    const document = JSON.parse(await kubectl(['get', '--raw', `/openapi/v3/apis/${GROUP}/${VERSION}`])) as { components: { schemas: Record<string, PublishedSchema> } }
    published = document.components.schemas
  })

  it.each(kinds)('has text for every field of $kind', ({ kind }) => {
    const root = Object.values(published).find((schema) => schema['x-kubernetes-group-version-kind']?.some((gvk) => gvk.kind === kind))
    const fields = [...walk(root ?? {}, kind)]
    expect(fields.length).toBeGreaterThan(20)
    expect(fields.filter(({ schema }) => (schema.description ?? '').trim() === '').map(({ path }) => path)).toEqual([])
  })

  it.each([
    ['experiments.assay.dev', /A designed experiment: it expands/],
    ['experiments.assay.dev.spec.design.fullFactorial.factors.path', /a dotted path that starts with scenario, workload or harness/],
    ['experiments.assay.dev.status.trials.failed', /Failed\./],
    ['workloadprofiles.assay.dev.spec.load.poisson.stages.rate', /Requests per second that are offered/],
    ['stacks.assay.dev.status.pods.containers.imageID', /Image digest/],
    ['scenarios.assay.dev.spec.deploy.releases.chart', /Where the chart comes from/],
  ])('%s', async (path, text) => {
    expect((await kubectl(['explain', path])).replaceAll(/\s+/g, ' ')).toMatch(text)
  })
})

function* walk(schema: PublishedSchema, path: string): Generator<{ readonly path: string; readonly schema: PublishedSchema }> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    yield { path: `${path}.${name}`, schema: member }
    yield* walk(member, `${path}.${name}`)
  }
  if (schema.items !== undefined) yield* walk(schema.items, `${path}[]`)
  if (schema.additionalProperties !== undefined) yield* walk(schema.additionalProperties, `${path}{}`)
}
