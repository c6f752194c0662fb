// SPDX-License-Identifier: Apache-2.0
/** Starts the simulator from the command line and ends it on SIGTERM. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stringify } from 'yaml'
import { systemClock } from './clock.ts'
import type { SimulatorConfig } from './config.ts'
import { crash } from './crash.ts'
import { helpText } from './help.ts'
import { reportLoad } from './load-report.ts'
import { logLine } from './log.ts'
import { OptionsError, readCommand } from './options.ts'
import type { Command } from './options.ts'
import { createSimulator } from './simulator.ts'
import { startUp } from './startup.ts'
import { loadTokenizer } from './tokenizer-file.ts'

const EXIT_USAGE = 2
const BACKLOG = 4096
const DRAIN_LOOK_MS = 50

await main()

async function main(): Promise<void> {
  const command = commandOrExit()
  switch (command.kind) {
    case 'help': return print(helpText())
    case 'print': return print(stringify(withoutSecrets(command.config)))
    case 'serve': return serve(command.config)
  }
}

async function serve(config: SimulatorConfig): Promise<void> {
  const log = (message: string, source = 'simulator.ts') => print(`${logLine(message, { source, wallMs: Date.now(), pid: process.pid })}\n`)
  const simulator = createSimulator(config, {
    clock: systemClock, log,
    tokenizer: await loadTokenizer(config),
    crash: () => crash(config.failures.crash, log),
  })
  const { server, serving } = simulator
  const stopReport = reportLoad(serving)
  await listen(server, config)
  const stop = () => {
    serving.state.phase = 'draining'
    stopReport()
    void drain(server, config.server.drainSeconds).then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  log('Simulated serving stack: latencies follow a declared model; nothing is computed')
  await startUp(config, systemClock, log)
  simulator.ready()
  const { address, port } = server.address() as AddressInfo
  log(`Starting vLLM server on http://${address}:${port}`, 'launcher.py')
  print('INFO:     Application startup complete.\n')
}

function listen(server: Server, config: SimulatorConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: config.server.host, port: config.server.port, backlog: BACKLOG }, resolve)
  })
}

/** Lets running answers end for a while, then cuts what is left. */
function drain(server: Server, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // an answer that ends leaves its connection idle, and nobody else would close it
    setInterval(() => server.closeIdleConnections(), DRAIN_LOOK_MS).unref()
    setTimeout(() => server.closeAllConnections(), seconds * 1000).unref()
  })
}

function commandOrExit(): Command {
  try {
    return readCommand(process.argv.slice(2), { env: process.env, readFile: (path) => readFileSync(path, 'utf8') })
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(EXIT_USAGE)
  }
}

function withoutSecrets(config: SimulatorConfig): SimulatorConfig {
  return { ...config, server: { ...config.server, apiKeys: config.server.apiKeys.map(() => '***') } }
}

function print(text: string): void {
  process.stdout.write(text)
}
