{{/* Name of all objects: the release, so that others can address the Service by it. */}}
{{- define "simulator.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name | replace "." "-" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "simulator.selectorLabels" -}}
app.kubernetes.io/name: simulator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "simulator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{ include "simulator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: serving
app.kubernetes.io/part-of: assay
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "simulator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "simulator.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "simulator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/*
What the simulator reads. The address is the chart's business; the instance is the release, so that a stand-up that is
repeated under the same name draws the same speed.
*/}}
{{- define "simulator.config" -}}
{{- $config := deepCopy .Values.simulator -}}
{{- $instance := merge (dict) (get $config "instance" | default dict) (dict "key" .Release.Name) -}}
{{- $server := merge (dict "host" "0.0.0.0" "port" .Values.containerPort) (get $config "server" | default dict) -}}
{{- toYaml (merge (dict "instance" $instance "server" $server) $config) -}}
{{- end -}}
