// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { helmError } from './helm-error.ts'

const said = (stderr: string, over: object = {}) => helmError('install', { stderr, timedOut: false, canceled: false, message: 'exit code 1', ...over })

it.each([
  ['Error: values don\'t meet the specifications of the schema(s)', 'ValuesInvalid', false],
  ['Error: INSTALLATION FAILED: cannot re-use a name that is still in use', 'NameInUse', false],
  ['Error: deployments.apps is forbidden: User "x" cannot create resource', 'Forbidden', false],
  ['Error: INSTALLATION FAILED: failed pre-install: timed out', 'HookFailed', false],
  ['Error: chart "x" version "1" not found in https://charts.example.org repository', 'ChartNotFound', false],
  ['Error: failed to perform "FetchReference" on source: registry.example.org/charts/x:9.9.9: not found', 'ChartNotFound', false],
  ['Error: template: x/templates/a.yaml:1:2: executing', 'ChartInvalid', false],
  ['Error: kubernetes cluster unreachable: dial tcp: connection refused', 'Unreachable', true],
  ['Error: something new', 'HelmFailed', false],
])('%s is %s', (stderr, code, transient) => {
  expect(said(stderr)).toMatchObject({ code, transient, message: expect.stringContaining(stderr.replace('Error: ', '')) })
})

it('tells a stop and a timeout from failures', () => {
  expect(said('', { canceled: true })).toMatchObject({ code: 'HelmStopped', transient: true })
  expect(said('', { timedOut: true })).toMatchObject({ code: 'HelmTimeout', transient: false })
})

it('leaves out warnings and keeps the end', () => {
  const { message } = said(`level=WARN msg="x"\nW0101 y\n${'long '.repeat(600)}\nError: the end`)
  expect(message).toContain('the end')
  expect(message).not.toContain('level=WARN')
  expect(message.length).toBeLessThan(1600)
})
