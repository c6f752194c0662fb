{{/* Labels of everything. Argument: (list $ component). */}}
{{- define "assay.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: assay
{{ include "assay.selector" . }}
{{- end }}

{{/* Labels that select the pods of one component. They never change, because selectors cannot. */}}
{{- define "assay.selector" -}}
app.kubernetes.io/name: assay
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Names of cluster-wide objects carry the namespace, so that two installations that watch different namespaces do not meet. */}}
{{- define "assay.clusterName" -}}
{{- $root := index . 0 -}}
assay:{{ $root.Release.Namespace }}:{{ index . 1 }}
{{- end }}

{{- define "assay.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The `restricted` Pod Security Standard; the image's user is 1000. */}}
{{- define "assay.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "assay.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "assay.probes" -}}
livenessProbe:
  httpGet: { path: /healthz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /readyz, port: health }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{/* Where pods are placed. Argument: the values of the component. */}}
{{- define "assay.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Peers: pods of the namespaces that we handle. */}}
{{- define "assay.handledNamespaces" -}}
{{- if .Values.watchNamespaces -}}
matchExpressions:
  - { key: kubernetes.io/metadata.name, operator: In, values: {{ toJson .Values.watchNamespaces }} }
{{- else -}}
{}
{{- end -}}
{{- end }}

{{/* Binds a cluster role of ours to one of our accounts: in the whole cluster, or in the watched namespaces. Arguments: (list $ role account). */}}
{{- define "assay.bindEverywhere" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
{{- $account := index . 2 -}}
{{- range (default (list "") $root.Values.watchNamespaces) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ . | empty | ternary "ClusterRoleBinding" "RoleBinding" }}
metadata:
  {{- if . }}
  name: {{ $account }}
  namespace: {{ . }}
  {{- else }}
  name: {{ include "assay.clusterName" (list $root $role) }}
  {{- end }}
  labels: {{- include "assay.labels" (list $root $role) | nindent 4 }}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ include "assay.clusterName" (list $root $role) | quote }} }
subjects:
  - { kind: ServiceAccount, name: {{ $account }}, namespace: {{ $root.Release.Namespace }} }
{{- end }}
{{- end }}
