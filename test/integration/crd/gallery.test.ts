// SPDX-License-Identifier: Apache-2.0
/** Every file that we ship for kubectl apply, as the API server sees it with strict field validation; nothing is created. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { API_VERSION } from '../../../operator/core/model/kinds.ts'
import type { Manifest } from '../../../operator/core/schema/testdata/valid-objects.ts'
import { useNamespace } from '../cluster.ts'
import { refusal, ROOT, useObjects } from './api.ts'

const objects = useObjects(useNamespace('crd-gallery'))
const FOLDERS = ['experiments', 'scenarios', 'workload-profiles', 'harnesses'] as const

const shipped = FOLDERS.flatMap((folder) => yamlFiles(join(ROOT, folder))).flatMap((file) =>
  documents(file).map((object) => ({ file: relative(ROOT, file), name: `${object.kind} ${object.metadata.name}`, object })))

it('there is something to check', () => {
  expect(shipped.length).toBeGreaterThan(0)
})

it.each(shipped)('$file: $name', async ({ object }) => {
  expect(await refusal(objects.create(object))).toBe('')
})

function yamlFiles(folder: string): string[] {
  const entries = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries.filter((name) => name.endsWith('.yaml') && !name.split('/').includes('testdata')).map((name) => join(folder, name)).sort()
}

/** Only our kinds: a file may also hold a ConfigMap, and a harness's folder holds its image's files. */
function documents(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest | null).filter((object) => object?.apiVersion === API_VERSION) as Manifest[]
}
