// SPDX-License-Identifier: Apache-2.0
/** `assay complete SHELL`: the script by which a shell completes commands, options and their choices. Registered last, because it reads all others. */
import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

export function registerCompletion(program: Command): void {
  tab(program)
  program.commands.find((c) => c.name() === 'complete')?.description('print the completion script of a shell: source <(assay complete bash)')
}
