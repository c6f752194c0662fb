// SPDX-License-Identifier: Apache-2.0
/** The operator as a process of its own against the API server whose address is given: `memory-operator.ts URL IDENTITY`. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { composeOperator } from '../operator/shell/controllers/compose.ts'
import { settingsFrom } from '../operator/shell/controllers/command.ts'

const [server = '', identity = ''] = process.argv.slice(2)
const scratchDir = mkdtempSync(join(tmpdir(), 'assay-bench-'))
// Helm is never called, so its kubeconfig is only named.
const settings = { ...settingsFrom({ ASSAY_NAMESPACE: 'bench' }, '/dev/null'), identity, scratchDir, probesPort: 0, metricsPort: 0 }
const access = { server, namespace: 'bench', credentials: async () => ({ headers: {}, tls: {} }) }
const operator = await composeOperator(settings, pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }), access)
operator.start()
