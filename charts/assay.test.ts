// SPDX-License-Identifier: Apache-2.0
/** What the operator's chart installs: who may do what, how pods run, who may talk to whom, and which values are refused. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { KINDS } from '../operator/core/model/kinds.ts'
import { CHART, refusal, render, type Rendered, type Rule } from './assay-rendered.ts'

const plain = render()
const tenant = render({ tenants: ['team-a', 'team-b'], crds: { install: false } })
const narrow = render({ watchNamespaces: ['team-a', 'team-b'], tenants: ['team-a'], crds: { install: false } })

const of = (objects: readonly Rendered[], kind: string) => objects.filter((object) => object.kind === kind)
const named = (objects: readonly Rendered[], kind: string, name: string) => {
  const found = of(objects, kind).find((object) => object.metadata.name === name)
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
  return found
}
const role = (objects: readonly Rendered[], name: string) => named(objects, 'ClusterRole', `assay:assay-system:${name}`)
const flat = (rules: readonly Rule[] = []) =>
  rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) => apiGroups.flatMap((group) => resources.map((resource) =>
    `${group === '' ? '' : `${group}/`}${resource}${resourceNames === undefined ? '' : `[${resourceNames.join(',')}]`}: ${verbs.join(' ')}`))).sort()

describe('rights', () => {
  it.each([
    ['controller', [
      'apps/daemonsets: get list watch', 'apps/deployments: get list watch', 'apps/statefulsets: get list watch',
      'assay.dev/experiments/finalizers: update', 'assay.dev/experiments/status: patch', 'assay.dev/experiments: get list watch',
      'assay.dev/harnesses: get list watch', 'assay.dev/scenarios: get list watch',
      'assay.dev/stacks/finalizers: update', 'assay.dev/stacks/status: patch', 'assay.dev/stacks: get list watch create patch delete',
      'assay.dev/trials/finalizers: update', 'assay.dev/trials/status: patch', 'assay.dev/trials: get list watch create patch delete',
      'assay.dev/workloadprofiles: get list watch', 'batch/jobs: get list watch create delete',
      'configmaps: get create patch', 'events.k8s.io/events: create patch', 'events: list', 'persistentvolumeclaims: get', 'pods/log: get', 'pods: get list watch create delete', 'resourcequotas: list', 'services: get',
    ]],
    ['controller-cluster', ['apiextensions.k8s.io/customresourcedefinitions: get', 'namespaces: get list watch', 'nodes: get list watch', 'storage.k8s.io/storageclasses: get']],
    ['results', ['assay.dev/trials: get', 'namespaces: get', 'pods: get']],
    ['results-reviews', ['authentication.k8s.io/tokenreviews: create', 'authorization.k8s.io/subjectaccessreviews: create']],
    ['reader', ['assay.dev/experiments: get', 'assay.dev/trials: get']],
    ['impersonate-runner', ['serviceaccounts[assay-runner]: impersonate']],
  ])('of %s are these and no more', (name, rules) => {
    expect(flat(role(plain, name).rules)).toEqual([...rules].sort())
  })

  it.each([
    ['assay-controller-lease', ['coordination.k8s.io/leases: create', 'coordination.k8s.io/leases[assay-controller]: get patch']],
    ['assay-read-results', ['serviceaccounts/token[assay-reader]: create', 'services/proxy[assay-results:8080]: get']],
  ])('of %s, in the operator\'s own namespace, are these and no more', (name, rules) => {
    const { metadata, rules: given } = named(plain, 'Role', name)
    expect(metadata.namespace).toBe('assay-system')
    expect(flat(given)).toEqual([...rules].sort())
  })

  it('know no wildcard', () => {
    const rules = [...of(tenant, 'ClusterRole'), ...of(tenant, 'Role')].flatMap((object) => object.rules ?? [])
    expect(rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]).filter((word) => word.includes('*'))).toEqual([])
  })

  it('touch Secrets only as a tenant', () => {
    const withSecrets = [...of(tenant, 'ClusterRole'), ...of(tenant, 'Role')].filter((object) => flat(object.rules).some((rule) => /(^|\/)secrets/.test(rule)))
    expect(withSecrets.map(({ metadata }) => metadata.name)).toEqual(['assay:assay-system:runner'])
    expect(of(tenant, 'ClusterRoleBinding').map(({ roleRef }) => roleRef?.name)).not.toContain('assay:assay-system:runner')
  })

  it('are bound to the account that they are for, in the whole cluster', () => {
    expect(of(plain, 'ClusterRoleBinding').map(({ roleRef, subjects }) => `${roleRef?.name} → ${subjects?.map((s) => `${s.kind} ${s.namespace}/${s.name}`).join()}`).sort()).toEqual([
      'assay:assay-system:controller → ServiceAccount assay-system/assay-controller',
      'assay:assay-system:controller-cluster → ServiceAccount assay-system/assay-controller',
      'assay:assay-system:reader → ServiceAccount assay-system/assay-reader',
      'assay:assay-system:results → ServiceAccount assay-system/assay-results',
      'assay:assay-system:results-reviews → ServiceAccount assay-system/assay-results',
    ])
  })

  it('reach only the named namespaces when namespaces are named', () => {
    expect(of(narrow, 'ClusterRoleBinding').map(({ metadata }) => metadata.name).sort()).toEqual(['assay:assay-system:controller-cluster', 'assay:assay-system:results-reviews'])
    const bound = of(narrow, 'RoleBinding').filter(({ metadata }) => metadata.namespace !== 'assay-system')
    expect(bound.map(({ metadata, roleRef, subjects }) => `${metadata.namespace}: ${roleRef?.name} → ${subjects?.[0]?.namespace}/${subjects?.[0]?.name}`).sort()).toEqual([
      'team-a: assay:assay-system:controller → assay-system/assay-controller',
      'team-a: assay:assay-system:impersonate-runner → assay-system/assay-controller',
      'team-a: assay:assay-system:reader → assay-system/assay-reader',
      'team-a: assay:assay-system:results → assay-system/assay-results',
      'team-a: assay:assay-system:runner → team-a/assay-runner',
      'team-b: assay:assay-system:controller → assay-system/assay-controller',
      'team-b: assay:assay-system:reader → assay-system/assay-reader',
      'team-b: assay:assay-system:results → assay-system/assay-results',
    ])
  })

  it('of people come by aggregation and by readers', () => {
    const aggregated = (name: string) => Object.keys(role(plain, name).metadata.labels ?? {}).filter((label) => label.startsWith('rbac.authorization.k8s.io/aggregate-to-')).map((label) => label.replace(/.*-/, '')).sort()
    expect(aggregated('view')).toEqual(['admin', 'edit', 'view'])
    expect(aggregated('edit')).toEqual(['admin', 'edit'])
    for (const name of ['view', 'edit']) expect(role(plain, name).rules?.[0]?.resources).toEqual(Object.values(KINDS).map(({ plural }) => plural).sort())
    const objects = render({ readers: [{ kind: 'Group', name: 'analysts' }] })
    expect(named(objects, 'RoleBinding', 'assay-read-results').subjects).toEqual([{ kind: 'Group', name: 'analysts' }])
  })
})

describe('a tenant', () => {
  it('gets an account, its rights, and the right to act as it, in its own namespace', () => {
    for (const namespace of ['team-a', 'team-b']) {
      const here = tenant.filter(({ metadata }) => metadata.namespace === namespace)
      expect(here.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(['RoleBinding assay-runner', 'RoleBinding assay-runner-impersonation', 'ServiceAccount assay-runner'])
    }
  })

  it('may have another account and further rights', () => {
    const extra = { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['get', 'create'] }
    const objects = render({ tenants: ['x'], runner: { serviceAccountName: 'bench', extraRules: [extra] } })
    expect(named(objects, 'ServiceAccount', 'bench').metadata.namespace).toBe('x')
    expect(flat(role(objects, 'impersonate-runner').rules)).toEqual(['serviceaccounts[bench]: impersonate'])
    expect(role(objects, 'runner').rules).toContainEqual(extra)
  })
})

interface PodSpec {
  readonly serviceAccountName: string
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly affinity?: object
  readonly containers: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly volumes: readonly Readonly<Record<string, unknown>>[]
}
interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value?: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly livenessProbe: { readonly httpGet: { readonly path: string; readonly port: string } }
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } }
  readonly resources: { readonly requests: object; readonly limits: object }
}
interface DeploymentSpec {
  readonly replicas: number
  readonly strategy?: { readonly type: string }
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec }
}
const deployment = (objects: readonly Rendered[], name: string) => named(objects, 'Deployment', name).spec as DeploymentSpec
const pod = (objects: readonly Rendered[], name: string) => deployment(objects, name).template.spec
const environment = ({ containers }: PodSpec) => Object.fromEntries(containers.flatMap(({ env }) => env.map(({ name, value }) => [name, value])))

describe.each(['assay-controller', 'assay-results'])('pods of %s', (name) => {
  it('meet the restricted standard and can write nowhere but into volumes', () => {
    const { securityContext, containers, initContainers } = pod(plain, name)
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } })
    for (const container of [...containers, ...(initContainers ?? [])]) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
      expect(container.resources).toMatchObject({ requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { memory: expect.any(String) } })
    }
    expect(pod(plain, name).volumes.filter((volume) => 'hostPath' in volume)).toEqual([])
  })

  it('are probed, have an account of their own, and mount every volume', () => {
    const { containers: [container], serviceAccountName, volumes } = pod(plain, name)
    expect(serviceAccountName).toBe(name)
    expect(container?.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'health' })
    expect(container?.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' })
    expect(container?.ports).toContainEqual({ name: 'health', containerPort: 8081 })
    expect(new Set(container?.volumeMounts.map((mount) => mount.name))).toEqual(new Set(volumes.map((volume) => volume['name'])))
  })

  it('are selected by their Deployment, their Service and their policy, and by no other', () => {
    const { selector: { matchLabels }, template: { metadata: { labels } } } = deployment(plain, name)
    expect(labels).toMatchObject(matchLabels)
    expect((named(plain, 'Service', name).spec as { selector: object }).selector).toEqual(matchLabels)
    expect((named(plain, 'NetworkPolicy', name).spec as { podSelector: { matchLabels: object } }).podSelector.matchLabels).toEqual(matchLabels)
    const other = deployment(plain, name === 'assay-results' ? 'assay-controller' : 'assay-results').template.metadata.labels
    expect(Object.entries(matchLabels).every(([label, value]) => other[label] === value)).toBe(false)
  })
})

describe('the controller', () => {
  it('is told what it needs', () => {
    expect(environment(pod(plain, 'assay-controller'))).toMatchObject({
      ASSAY_WATCH_NAMESPACES: '', ASSAY_RESULTS_URL: 'http://assay-results.assay-system.svc:8080', ASSAY_RESULTS_TOKEN: '/var/run/assay/token', ASSAY_IMAGE: 'ghcr.io/assay-dev/assay:0.1.0', LOG_LEVEL: 'info',
    })
    expect(environment(pod(narrow, 'assay-controller'))['ASSAY_WATCH_NAMESPACES']).toBe('team-a,team-b')
  })

  it('has two replicas on different nodes, time to end, and a budget', () => {
    const { replicas, template: { spec } } = deployment(plain, 'assay-controller')
    expect([replicas, spec.terminationGracePeriodSeconds]).toEqual([2, 600])
    expect(spec.affinity).toHaveProperty('podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.topologyKey', 'kubernetes.io/hostname')
    expect(named(plain, 'PodDisruptionBudget', 'assay-controller').spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/component': 'controller' } } })
    expect(of(render({ controller: { replicas: 1 } }), 'PodDisruptionBudget')).toEqual([])
  })

  it('knows itself to the results server by a token for that server alone', () => {
    const { volumes } = pod(plain, 'assay-controller')
    expect(volumes.find(({ name }) => name === 'token')).toMatchObject({ projected: { sources: [{ serviceAccountToken: { audience: 'results.assay.dev', path: 'token' } }] } })
    expect(environment(pod(plain, 'assay-results'))['ASSAY_CONTROLLER_SA']).toBe('assay-system:assay-controller')
  })
})

describe('the results server', () => {
  it('is one writer on one volume that outlives the release', () => {
    const { replicas, strategy, template: { spec } } = deployment(plain, 'assay-results')
    expect([replicas, strategy]).toEqual([1, { type: 'Recreate' }])
    expect(spec.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'assay-results' } })
    const claim = named(plain, 'PersistentVolumeClaim', 'assay-results')
    expect(claim.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
    expect(claim.spec).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } })
  })

  it.each([
    ['a claim that is there', { existingClaim: 'mine' }, { persistentVolumeClaim: { claimName: 'mine' } }],
    ['no volume', { enabled: false, size: '1Gi' }, { emptyDir: { sizeLimit: '1Gi' } }],
  ])('may use %s', (_what, persistence, volume) => {
    const objects = render({ results: { persistence } })
    expect(of(objects, 'PersistentVolumeClaim')).toEqual([])
    expect(pod(objects, 'assay-results').volumes).toContainEqual({ name: 'data', ...volume })
  })

  it('is told limits only where they are set, without an exponent', () => {
    expect(environment(pod(plain, 'assay-results'))).not.toHaveProperty('ASSAY_QUOTA_BYTES')
    expect(environment(pod(render({ results: { quota: { bytesPerTrial: 10_737_418_240 } } }), 'assay-results'))['ASSAY_QUOTA_BYTES']).toBe('10737418240')
  })

  it('is found where the contract says', () => {
    expect((named(plain, 'Service', 'assay-results').spec as { ports: object[] }).ports).toContainEqual({ name: 'http', port: 8080, targetPort: 'http' })
  })
})

interface Policy {
  readonly policyTypes: readonly string[]
  readonly ingress?: readonly { readonly from?: readonly Readonly<Record<string, unknown>>[]; readonly ports?: readonly { readonly port: number }[] }[]
  readonly egress?: readonly { readonly to?: readonly Readonly<Record<string, unknown>>[]; readonly ports?: readonly { readonly port: number }[] }[]
}
const policy = (objects: readonly Rendered[], name: string) => named(objects, 'NetworkPolicy', name).spec as Policy
const TRIAL_PODS = { podSelector: { matchExpressions: [{ key: 'assay.dev/trial', operator: 'Exists' }] } }
const componentPeer = (component: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'assay', 'app.kubernetes.io/instance': 'assay', 'app.kubernetes.io/component': component } } })

describe('network policies', () => {
  it('deny what they do not list, in both directions, and list no open door', () => {
    for (const name of ['assay-controller', 'assay-results']) {
      const { policyTypes, ingress = [], egress = [] } = policy(plain, name)
      expect(policyTypes).toEqual(['Ingress', 'Egress'])
      expect([...ingress.map(({ from }) => from), ...egress.map(({ to }) => to)].filter((peers) => peers === undefined || peers.length === 0)).toEqual([])
    }
  })

  it('let nobody into the controller, and scrapers only when they are named', () => {
    expect(policy(plain, 'assay-controller').ingress).toBeUndefined()
    const peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }
    const objects = render({ networkPolicy: { metricsFrom: [peer] } })
    expect(policy(objects, 'assay-controller').ingress).toEqual([{ from: [peer], ports: [{ port: 8082 }] }])
    expect(policy(objects, 'assay-results').ingress).toContainEqual({ from: [peer], ports: [{ port: 8081 }] })
  })

  it('let pods of trials, the controller and the API server into the results server', () => {
    const { ingress } = policy(render({ networkPolicy: { apiServer: { cidrs: ['10.0.0.1/32'] } } }), 'assay-results')
    expect(ingress).toEqual([{ from: [{ namespaceSelector: {}, ...TRIAL_PODS }, componentPeer('controller'), { ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ port: 8080 }] }])
  })

  it('let the controller out to DNS, the API server, registries, results and servers', () => {
    const { egress = [] } = policy(plain, 'assay-controller')
    expect(egress.map(({ ports }) => ports?.map(({ port }) => port))).toEqual([[53, 53], [443, 6443], [443], [8080], undefined])
    expect(egress[3]?.to).toEqual([componentPeer('results')])
    expect(egress[4]?.to).toEqual([{ namespaceSelector: {} }])
    expect(policy(render({ networkPolicy: { registries: { cidrs: [] } } }), 'assay-controller').egress).toHaveLength(4)
  })

  it('let the results server out to DNS and the API server alone', () => {
    expect(policy(plain, 'assay-results').egress?.map(({ ports }) => ports?.map(({ port }) => port))).toEqual([[53, 53], [443, 6443]])
  })

  it('shrink with the watched namespaces', () => {
    const selector = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['team-a', 'team-b'] }] }
    expect(policy(narrow, 'assay-controller').egress?.at(-1)?.to).toEqual([{ namespaceSelector: selector }])
    expect(policy(narrow, 'assay-results').ingress?.[0]?.from?.[0]).toEqual({ namespaceSelector: selector, ...TRIAL_PODS })
  })

  it('can be left out', () => {
    expect(of(render({ networkPolicy: { enabled: false } }), 'NetworkPolicy')).toEqual([])
  })
})

describe('CRDs', () => {
  it('are those of the repository, kept at uninstall, with their templates for releases untouched', () => {
    const crds = of(plain, 'CustomResourceDefinition')
    expect(crds.map(({ metadata }) => metadata.name).sort()).toEqual(Object.values(KINDS).map(({ plural }) => `${plural}.assay.dev`).sort())
    for (const crd of crds) {
      expect(crd.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
      const [plural = ''] = crd.metadata.name.split('.')
      expect(crd.spec).toEqual((parse(readFileSync(join(CHART, '../../crds', `${plural}.yaml`), 'utf8')) as Rendered).spec)
    }
    expect(JSON.stringify(crds)).toContain('{{release.NAME}}')
  })

  it('can be left out', () => {
    expect(of(tenant, 'CustomResourceDefinition')).toEqual([])
  })
})

describe('monitoring', () => {
  it('is made on request', () => {
    expect([...of(plain, 'ServiceMonitor'), ...of(plain, 'ConfigMap')]).toEqual([])
    const objects = render({ metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } }, dashboard: { enabled: true } } })
    expect(named(objects, 'ServiceMonitor', 'assay').metadata.labels).toMatchObject({ release: 'prometheus' })
    expect(named(objects, 'ConfigMap', 'assay-dashboard').metadata.labels).toMatchObject({ grafana_dashboard: '1' })
  })

  it('shows metrics that exist', () => {
    const dashboard = readFileSync(join(CHART, 'files/dashboard.json'), 'utf8')
    const asked = [...dashboard.matchAll(/\b((?:assay|controller_runtime|workqueue|rest_client|leader_election)_[a-z_]+)/g)].map(([, name = '']) => name.replace(/_bucket$/, ''))
    const sources = ['../../operator/shell/kube/metrics.ts', '../../operator/shell/results/server-metrics.ts'].map((file) => readFileSync(join(CHART, file), 'utf8')).join('\n')
    expect(asked.length).toBeGreaterThan(8)
    expect([...new Set(asked)].filter((name) => !sources.includes(`'${name}'`))).toEqual([])
  })
})

describe('values', () => {
  it.each([
    ['an unknown one', { controler: {} }, /'controler' not allowed/],
    ['an unknown one within', { controller: { replica: 2 } }, /'replica' not allowed/],
    ['text for a number', { controller: { replicas: 'two' } }, /\/controller\/replicas/],
    ['no replica', { controller: { replicas: 0 } }, /\/controller\/replicas/],
    ['a namespace that is none', { tenants: ['Team A'] }, /\/tenants\/0/],
    ['a namespace twice', { watchNamespaces: ['a', 'a'] }, /\/watchNamespaces/],
    ['a digest that is none', { image: { digest: 'latest' } }, /\/image\/digest/],
    ['a log level that is none', { results: { logLevel: 'loud' } }, /\/results\/logLevel/],
    ['a wildcard for tenants', { runner: { extraRules: [{ apiGroups: ['*'], resources: ['x'], verbs: ['get'] }] } }, /\/runner\/extraRules/],
    ['an address that is none', { networkPolicy: { apiServer: { cidrs: ['localhost'] } } }, /\/networkPolicy\/apiServer\/cidrs/],
    ['a tenant that nobody watches', { watchNamespaces: ['a'], tenants: ['b'] }, /tenants: "b" is not among watchNamespaces \(a\)/],
  ])('refuses %s', (_what, values, wanted) => {
    expect(refusal(values)).toMatch(wanted)
  })

  it('place pods, label them and name images', () => {
    const objects = render({ image: { repository: 'registry/assay', digest: `sha256:${'0'.repeat(64)}` }, imagePullSecrets: [{ name: 'pull' }], controller: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'k' }], priorityClassName: 'high', podLabels: { team: 'x' }, podAnnotations: { note: 'y' }, extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }] } })
    const { template: { metadata, spec } } = deployment(objects, 'assay-controller')
    expect(metadata).toMatchObject({ labels: { team: 'x', 'app.kubernetes.io/component': 'controller' }, annotations: { note: 'y' } })
    expect(spec).toMatchObject({ nodeSelector: { a: 'b' }, tolerations: [{ key: 'k' }], priorityClassName: 'high', imagePullSecrets: [{ name: 'pull' }] })
    expect(spec.containers[0]?.image).toBe(`registry/assay@sha256:${'0'.repeat(64)}`)
    expect(environment(spec)).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128' })
  })

  it('are all in the README, with their defaults', () => {
    const readme = readFileSync(join(CHART, 'README.md'), 'utf8')
    const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as ValueSchema
    const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Readonly<Record<string, unknown>>
    const wanted = leaves(schema, values).map(([path, value, description]) => `| \`${path}\` | \`${spaced(value)}\` | ${description} |`)
    expect(wanted.filter((row) => !readme.includes(row))).toEqual([])
  })
})

it('every object says whose it is, and what is not cluster-wide says where', () => {
  for (const { kind, metadata } of plain.filter((object) => object.kind !== 'CustomResourceDefinition')) {
    expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({ 'app.kubernetes.io/part-of': 'assay', 'app.kubernetes.io/managed-by': 'Helm' })
    expect(metadata.namespace === undefined, `${kind} ${metadata.name}`).toBe(kind.startsWith('Cluster'))
  }
})

it('the chart has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(CHART, '../../package.json'), 'utf8')) as { version: string }
  expect(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({ version, appVersion: version })
})

interface ValueSchema { readonly properties?: Readonly<Record<string, ValueSchema>>; readonly description?: string }
function leaves(schema: ValueSchema, values: Readonly<Record<string, unknown>>, path = ''): (readonly [string, unknown, string])[] {
  return Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'global').flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`
    if (member.properties === undefined || name === 'resources') return [[at, values[name], member.description ?? ''] as const]
    return leaves(member, values[name] as Readonly<Record<string, unknown>>, at)
  })
}

/** JSON with a space after colons and commas, as the table has it. */
function spaced(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ').replaceAll(/([[{]) /g, '$1').replaceAll(/ ([\]}])/g, '$1')
}
