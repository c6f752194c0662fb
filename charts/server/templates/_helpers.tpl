{{/* Name of all objects: the release, so that others can address the Service by it. */}}
{{- define "server.fullname" -}}
{{- .Release.Name | replace "." "-" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "server.selectorLabels" -}}
app.kubernetes.io/name: server
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "server.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{ include "server.selectorLabels" . }}
app.kubernetes.io/component: serving
app.kubernetes.io/part-of: assay
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "server.image" -}}
{{- with .Values.image -}}
{{- if not .repository -}}{{- fail "image.repository is empty: which server is to be run?" -}}{{- end -}}
{{- if .digest -}}{{- printf "%s@%s" .repository .digest -}}
{{- else if .tag -}}{{- printf "%s:%s" .repository .tag -}}
{{- else -}}{{- fail (printf "image.tag and image.digest are empty: which %s was measured must be known" .repository) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The arguments as a JSON list of strings, so that nothing in a value can break out of its place; no 1e+06 for a million. */}}
{{- define "server.args" -}}
{{- $words := list -}}
{{- range .Values.args }}{{- $words = append $words (ternary . (toJson .) (kindIs "string" .)) }}{{- end -}}
{{- toJson $words -}}
{{- end -}}

{{- define "server.tolerations" -}}
{{- if and .Values.gpu.tolerate (gt (int .Values.gpu.count) 0) -}}
- { key: {{ .Values.gpu.resource | quote }}, operator: Exists, effect: NoSchedule }
{{ end -}}
{{- with .Values.tolerations -}}
{{ toYaml . }}
{{- end -}}
{{- end -}}
