// SPDX-License-Identifier: Apache-2.0
/** Acts as a ServiceAccount of a tenant: what it may not do, we cannot do through it. */
import type { Access } from './access.ts'

export const serviceAccountUser = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`

export function impersonating(access: Access, user: string): Access {
  return {
    ...access,
    credentials: async () => {
      const { headers, tls } = await access.credentials()
      return { headers: { ...headers, 'impersonate-user': user }, tls }
    },
  }
}
