// SPDX-License-Identifier: Apache-2.0
/** Which values of the pod's environment are to be masked in whatever tools write. It masks nothing itself. */

/** Of a credential that is a JSON object, shorter texts are words, such as a region. */
const SHORTEST_MEMBER = 16

/** The endpoint's credential, and whatever else the pod's author wants hidden: ASSAY_SECRET_ and any name. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => (value !== '' && /^ASSAY_(CREDENTIAL$|SECRET_)/.test(name) ? [value, ...membersOf(value)] : []))
}

/** A credential of AWS is one text of several: a tool may write one of them. */
function membersOf(value: string): string[] {
  if (!value.trimStart().startsWith('{')) return []
  try {
    return Object.values(JSON.parse(value) as object).filter((member): member is string => typeof member === 'string' && member.length >= SHORTEST_MEMBER)
  } catch {
    return []
  }
}
