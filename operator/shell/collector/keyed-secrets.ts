// SPDX-License-Identifier: Apache-2.0
/** Finds values that a name gives away as credentials, whatever they are: api_key: x, --api-key x, "HF_TOKEN": "x". It knows no value. */

export interface Span {
  readonly start: number
  readonly end: number
}

/** How far before a value its name may lie: lists in pretty JSON have them on lines of their own. */
export const KEY_CONTEXT = 160

const NAMES = [
  'api[_-]?key', 'access[_-]?key', 'secret[_-]?(?:access[_-]?)?key', '(?:auth|access|refresh|bearer|hf|hub|id)[_-]?token', 'client[_-]?secret', 'passw(?:or)?d', 'authorization',
].join('|')
const SCHEME = '(?:(?:basic|bearer|token)[ ]{1,4})?'
/** Words that stand for no value, variables, and what is masked already. */
const NOTHING = String.raw`(?!(?:null|none|nil|true|false|undefined)\b|[~*$]|\{\{)`
const QUOTED = [String.raw`"(?<double>(?:[^"\\\r\n]|\\.){1,8000})"`, String.raw`'(?<single>[^'\r\n]{1,8000})'`, String.raw`\\"(?<escaped>[^"\\\r\n]{1,8000})\\"`]
const BARE = String.raw`${SCHEME}${NOTHING}(?<bare>[^\s"',;&}\])\\<>]{1,8000})`

const AFTER_NAME = new RegExp(String.raw`(?:${NAMES})\\?["']?[ \t]{0,4}[:=][ \t]{0,4}(?:${[...QUOTED, BARE].join('|')})`, 'gid')
const AFTER_FLAG = new RegExp(String.raw`--[\w-]{0,40}?(?:${NAMES})(?:[ \t]{1,4}|["'],\s{0,100}(?=["']))(?:${[...QUOTED, BARE].join('|')})`, 'gid')
const SCHEME_OF_VALUE = new RegExp(`^${SCHEME}`, 'i')
const IS_NOTHING = new RegExp(`^(?:null|none|nil|true|false|undefined|[*]+)?$`, 'i')

const IS_SECRET_NAME = new RegExp(`^[\\w-]*(?:${NAMES})$`, 'i')

/** Whether the value of a member of this name is a credential. */
export function isSecretMember(name: string, value: unknown): value is string {
  return typeof value === 'string' && IS_SECRET_NAME.test(name) && !IS_NOTHING.test(value)
}

/** Values from an index on. */
export function keyedSecrets(text: string, from: number): Span[] {
  return [AFTER_NAME, AFTER_FLAG].flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match) => spanOf(match, from)))
}

function spanOf({ groups, indices }: RegExpExecArray, from: number): Span[] {
  const name = ['double', 'single', 'escaped', 'bare'].find((group) => groups?.[group] !== undefined)
  const at = name === undefined ? undefined : indices?.groups?.[name]
  const value = name === undefined ? undefined : groups?.[name]
  if (at === undefined || value === undefined || IS_NOTHING.test(value)) return []
  const start = at[0] + (SCHEME_OF_VALUE.exec(value)?.[0].length ?? 0)
  return start < from || start >= at[1] ? [] : [{ start, end: at[1] }]
}
