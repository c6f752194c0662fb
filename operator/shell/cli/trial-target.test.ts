// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ScenarioSpec } from '../../core/model/scenario.ts'
import { type TargetChoice, urlTarget } from './trial-target.ts'
import { secretRef } from './trial.ts'

const URL_OF = 'https://api.example.com'
const scenarioOf = async (choice: TargetChoice) => {
  const target = await urlTarget({ url: URL_OF, ...choice })
  if (target.kind !== 'endpoint') throw new Error('expected an endpoint')
  return { name: target.name, scenario: ScenarioSpec.parse(target.scenario) }
}

describe('a server that is named by its address', () => {
  it('speaks OpenAI\'s protocol without a credential where nothing else is said', async () => {
    const { name, scenario } = await scenarioOf({ model: 'm' })
    expect(name).toBe('api-example-com')
    expect(scenario).toMatchObject({ model: { name: 'm' }, endpoint: { url: URL_OF, api: 'openai' } })
    expect(scenario.endpoint?.credentials).toBeUndefined()
  })

  it('speaks the protocol that is asked for, with the Secret\'s credential', async () => {
    const { scenario } = await scenarioOf({ model: 'm', api: 'anthropic', credentials: secretRef('provider/key') })
    expect(scenario.endpoint).toMatchObject({ api: 'anthropic', credentials: { secretKeyRef: { name: 'provider', key: 'key' } } })
  })

  it.each<[string, TargetChoice, string]>([
    ['a protocol without a list of models', { api: 'anthropic' }, 'Anthropic messages is not asked for its models: which one?'],
    ['a server that wants a credential', { credentials: { name: 'provider', key: 'token' } }, 'only the trial\'s pod has the credential'],
  ])('wants the model of %s', async (_, choice, message) => {
    await expect(scenarioOf(choice)).rejects.toThrow(message)
  })
})

describe('--credentials', () => {
  it('takes the key token where none is named', () => expect(secretRef('provider')).toEqual({ name: 'provider', key: 'token' }))
  it.each(['', '/key', 'a/', 'a/b/c'])('refuses %j', (text) => expect(() => secretRef(text)).toThrow('expected the name of a Secret, or name/key'))
})
