// SPDX-License-Identifier: Apache-2.0
/** Access by a kubeconfig, with all its ways to log in (client certificate, token, exec plugin, OIDC): client-node reads it, we only ask it for the outcome. */
import { existsSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { type Access, AccessError, type Credentials } from './access.ts'

export interface KubeconfigOptions {
  /** A file; else $KUBECONFIG, else ~/.kube/config. */
  readonly file?: string
  /** A context other than the current one. */
  readonly context?: string
}

export async function kubeconfigAccess({ file, context }: KubeconfigOptions = {}): Promise<Access> {
  if (file === undefined && !hasDefault()) {
    throw new AccessError('There is no kubeconfig: KUBECONFIG is not set and ~/.kube/config does not exist.', 'Set KUBECONFIG, or pass --kubeconfig.')
  }
  // Imported only here: loading all of client-node's generated models takes 90 MB and 0.4 s.
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = load(new KubeConfig(), file)
  if (context !== undefined) useContext(config, context)
  const cluster = config.getCurrentCluster()
  if (cluster === null) {
    throw new AccessError(`The kubeconfig${file === undefined ? '' : ` ${file}`} has no usable current context.`, `Choose one of: ${names(config)}.`)
  }
  return {
    server: cluster.server.replace(/\/+$/, ''),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    proxyUrl: cluster.proxyUrl,
    credentials: () => credentialsOf(config),
  }
}

/** Asked first, because client-node would fall back to http://localhost:8080 without a word. */
function hasDefault(): boolean {
  return (process.env['KUBECONFIG'] ?? '') !== '' || existsSync(join(homedir(), '.kube/config'))
}

function load(config: KubeConfig, file: string | undefined): KubeConfig {
  try {
    if (file === undefined) config.loadFromDefault()
    else config.loadFromFile(file)
    return config
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new AccessError(`The kubeconfig ${file ?? process.env['KUBECONFIG'] ?? '~/.kube/config'} cannot be read: ${said}`, 'Check the path and that the file is YAML.', cause)
  }
}

function useContext(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null) {
    throw new AccessError(`The kubeconfig has no context "${context}".`, `Choose one of: ${names(config)}.`)
  }
  config.setCurrentContext(context)
}

function names(config: KubeConfig): string {
  return config.getContexts().map((context) => context.name).join(', ') || '(it has none)'
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {})) if (value !== undefined) headers[name.toLowerCase()] = String(value)
  if (typeof options.auth === 'string') headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options as Credentials['tls']
  return { headers, tls: { ca, cert, key, passphrase, rejectUnauthorized, servername } }
}
