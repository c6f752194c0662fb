// SPDX-License-Identifier: Apache-2.0
/** What people are told besides data: standard error, so that standard output can be piped. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** `1 trial`, `2 trials`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
