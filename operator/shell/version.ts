// SPDX-License-Identifier: Apache-2.0
/** The version of this tree, from package.json. */
import { readFileSync } from 'node:fs'

export const VERSION: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version
