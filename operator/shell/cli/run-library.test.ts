// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ScenarioSpec } from '../../core/model/scenario.ts'
import type { LoadedObject } from '../library.ts'
import { chooseAction, overlay, type Resolution, sameSpec } from './run-library.ts'

const A = { model: { name: 'a' }, endpoint: { service: 's' } }
const B = { model: { name: 'b' }, endpoint: { service: 's' } }

describe('what is done with an object that an Experiment refers to', () => {
  it.each([
    ['nobody has it', { there: undefined, ours: undefined, isOwn: false, force: false }, 'none'],
    ['only the namespace has it', { there: A, ours: undefined, isOwn: false, force: false }, 'none'],
    ['only we have it', { there: undefined, ours: A, isOwn: false, force: false }, 'create'],
    ['both are the same', { there: { ...A, serving: { replicas: 1 } }, ours: A, isOwn: true, force: true }, 'none'],
    ['the library has another one', { there: B, ours: A, isOwn: false, force: false }, 'keep'],
    ['the library has another one, by force', { there: B, ours: A, isOwn: false, force: true }, 'replace'],
    ['the user\'s own file has another one', { there: B, ours: A, isOwn: true, force: false }, 'replace'],
  ])('%s', (_, { there, ours, isOwn, force }, action) => {
    const spec = (value: object | undefined) => (value === undefined ? undefined : { spec: value })
    expect(chooseAction(ScenarioSpec, { there: spec(there), ours: spec(ours), isOwn, force })).toBe(action)
  })

  it.each([[['assay-cli'], 'replace'], [['assay-cli', 'kubectl-edit'], 'keep'], [['argocd-controller'], 'keep'], [[], 'keep']])('the library has another one, and %j wrote that of the namespace', (managers, action) => {
    const metadata = { name: 'x', managedFields: managers.map((manager) => ({ manager })) }
    expect(chooseAction(ScenarioSpec, { there: { spec: B, metadata }, ours: { spec: A }, isOwn: false, force: false })).toBe(action)
  })

  it('takes a description for no difference, and a broken object for one', () => {
    expect(sameSpec(ScenarioSpec, A, { ...A, description: 'other words' })).toBe(true)
    expect(sameSpec(ScenarioSpec, A, { model: {} })).toBe(false)
  })
})

describe('the library that the operator will see', () => {
  const resolution = (action: Resolution['action'], there: unknown, ours: unknown): Resolution => ({
    reference: { part: 'scenario', name: 'x' }, action,
    there: there === undefined ? undefined : { metadata: { name: 'x' }, spec: there }, ours: ours === undefined ? undefined : { spec: ours } as LoadedObject,
  })
  const library = { scenarios: new Map<string, unknown>([['x', A]]), workloads: new Map(), harnesses: new Map() }

  it.each<[string, Resolution, unknown]>([
    ['keeps', resolution('keep', B, A), B], ['replaces', resolution('replace', B, A), A], ['creates', resolution('create', undefined, A), A],
    ['only the namespace has it', resolution('none', B, undefined), B],
    // Ours has the lines on which problems are found.
    ['both are the same', resolution('none', { ...A, serving: {} }, A), A],
  ])('%s', (_, one, expected) => {
    expect(overlay(library, [one]).scenarios.get('x')).toEqual(expected)
  })
})
