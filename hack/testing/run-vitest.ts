// SPDX-License-Identifier: Apache-2.0
/** Runs one vitest project with its usual output and writes down what each test came to, with the reasons that the built-in reports omit. */
import { writeFileSync } from 'node:fs'
import { startVitest, type TestModule, type TestSuite } from 'vitest/node'
import { type Outcome, printOutcomes } from './outcomes.ts'

type SerializedError = ReturnType<TestModule['errors']>[number]

const [project, file] = process.argv.slice(2)
if (project === undefined || file === undefined) throw new Error('usage: run-vitest.ts PROJECT FILE')

const vitest = await startVitest([], { project, watch: false, run: true, reporters: ['default', { onTestRunEnd: write }] })
await vitest.close()

function write(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
  const outcomes = [
    ...modules.flatMap((module) => [...failedSuites(module), ...tests(module)]),
    ...unhandled.map((error): Outcome => failure('an error outside any test', [error])),
  ]
  writeFileSync(file ?? '', printOutcomes(outcomes))
}

function tests(module: TestModule): Outcome[] {
  return [...module.children.allTests()].map((test) => {
    const name = `${module.relativeModuleId} > ${test.fullName}`
    const result = test.result()
    if (result.state === 'passed') return { suite: project ?? '', name, state: 'passed' }
    if (result.state === 'skipped') return { suite: project ?? '', name, state: 'skipped', ...(result.note !== undefined && { note: result.note }) }
    return failure(name, result.errors ?? [])
  })
}

/** A file that cannot be loaded and a hook that throws leave tests unrun, which no test tells. */
function failedSuites(module: TestModule): Outcome[] {
  const suites: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()]
  return suites
    .filter((suite) => suite.errors().length > 0)
    .map((suite) => failure(suite === module ? module.relativeModuleId : `${module.relativeModuleId} > ${(suite as TestSuite).fullName}`, suite.errors()))
}

function failure(name: string, errors: readonly SerializedError[]): Outcome {
  const note = errors[0]?.message.split('\n', 1)[0]
  return { suite: project ?? '', name, state: 'failed', ...(note !== undefined && { note }) }
}
