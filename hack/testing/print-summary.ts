// SPDX-License-Identifier: Apache-2.0
/** Prints the summary of the outcome files that it is given; exits with 1 when anything failed or nothing passed. */
import { readFileSync } from 'node:fs'
import { countOutcomes, parseOutcomes, summarise } from './outcomes.ts'

const outcomes = process.argv.slice(2).flatMap((file) => parseOutcomes(readFileSync(file, 'utf8')))
const { passed, failed } = countOutcomes(outcomes)
process.stdout.write(summarise(outcomes))
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
