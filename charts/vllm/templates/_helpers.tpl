{{/* Name of all objects: the release, so that others can address the Service by it. */}}
{{- define "vllm.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name | replace "." "-" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "vllm.selectorLabels" -}}
app.kubernetes.io/name: vllm
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: serving
{{- end -}}

{{/* Labels of all objects but the component, which differs. */}}
{{- define "vllm.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
app.kubernetes.io/name: vllm
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: assay
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "vllm.labels" -}}
{{ include "vllm.commonLabels" . }}
app.kubernetes.io/component: serving
{{- end -}}

{{- define "vllm.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "vllm.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "vllm.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default (printf "v%s" .Chart.AppVersion)) -}}
{{- end -}}
{{- end -}}

{{/* Accelerators that the parallelism needs in one pod; what args say wins, as it does on the command line. */}}
{{- define "vllm.neededGpus" -}}
{{- $args := dict -}}
{{- range $flag, $value := .Values.args }}{{- $_ := set $args ($flag | replace "_" "-") $value }}{{- end -}}
{{- $data := get $args "data-parallel-size-local" | default (get $args "data-parallel-size") | default .Values.parallelism.data -}}
{{- $tensor := get $args "tensor-parallel-size" | default .Values.parallelism.tensor -}}
{{- $pipeline := get $args "pipeline-parallel-size" | default .Values.parallelism.pipeline -}}
{{- mul $tensor $pipeline $data -}}
{{- end -}}

{{/* Accelerators of one pod; "0" on CPU. */}}
{{- define "vllm.gpus" -}}
{{- if kindIs "invalid" .Values.gpu.count -}}
{{- include "vllm.neededGpus" . -}}
{{- else -}}
{{- int .Values.gpu.count -}}
{{- end -}}
{{- end -}}

{{/* The node label that says which product the accelerators of a resource are. */}}
{{- define "vllm.productLabel" -}}
{{- $known := dict
  "nvidia.com/gpu" "nvidia.com/gpu.product"
  "amd.com/gpu" "amd.com/gpu.product-name"
  "gpu.intel.com/xe" "gpu.intel.com/product"
  "gpu.intel.com/i915" "gpu.intel.com/product"
  "google.com/tpu" "cloud.google.com/gke-tpu-accelerator" -}}
{{- $label := .Values.gpu.productLabel | default (get $known .Values.gpu.resource) -}}
{{- if not $label -}}
{{- fail (printf "gpu.product is set, but which node label tells the product of %s is not known: set gpu.productLabel" .Values.gpu.resource) -}}
{{- end -}}
{{- $label -}}
{{- end -}}

{{/* What is tolerated: the usual taint of nodes with that resource, and what the values add. */}}
{{- define "vllm.tolerations" -}}
{{- if and .Values.gpu.tolerate (ne (include "vllm.gpus" .) "0") -}}
- { key: {{ .Values.gpu.resource | quote }}, operator: Exists, effect: NoSchedule }
{{ end -}}
{{- with .Values.tolerations -}}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* Claim of a volume or cache: an existing one, or the one that the chart makes. Called with root, settings and a suffix. */}}
{{- define "vllm.claim" -}}
{{- if .settings.claimName -}}
{{- .settings.claimName -}}
{{- else if .settings.create.enabled -}}
{{- printf "%s-%s" (include "vllm.fullname" .root | trunc 55 | trimSuffix "-") .suffix -}}
{{- end -}}
{{- end -}}

{{/* Where the weights of model.source: volume lie in the container. */}}
{{- define "vllm.volumePath" -}}
{{- printf "%s/%s" (.Values.volume.mountPath | trimSuffix "/") (.Values.model.path | trimPrefix "/") | trimSuffix "/" -}}
{{- end -}}

{{/* What vllm serve is told to load. */}}
{{- define "vllm.modelArgument" -}}
{{- if eq .Values.model.source "hub" -}}{{ .Values.model.name }}
{{- else if eq .Values.model.source "volume" -}}{{ include "vllm.volumePath" . }}
{{- else -}}{{ .Values.model.path }}
{{- end -}}
{{- end -}}

{{/* What cannot work is refused here, because a schema cannot say it. */}}
{{- define "vllm.validate" -}}
{{- $model := .Values.model -}}
{{- $claim := include "vllm.claim" (dict "root" . "settings" .Values.volume "suffix" "models") -}}
{{- if and (eq $model.source "volume") (not $claim) -}}
{{- fail "model.source is volume, but volume.claimName is empty and volume.create.enabled is false" -}}
{{- end -}}
{{- if and (eq $model.source "image") (not (hasPrefix "/" $model.path)) -}}
{{- fail "model.source is image: model.path must be the absolute path of the model in the image" -}}
{{- end -}}
{{- if and (ne .Values.volume.download "none") (ne $model.source "volume") -}}
{{- fail (printf "volume.download is %s, but model.source is %s: only a volume can be filled" .Values.volume.download $model.source) -}}
{{- end -}}
{{- if and (eq $model.source "hub") $model.path -}}
{{- fail "model.path is for model.source volume or image; from a hub, model.name says what is loaded" -}}
{{- end -}}
{{- $gpus := int (include "vllm.gpus" .) -}}
{{- $needed := int (include "vllm.neededGpus" .) -}}
{{- if and (gt $gpus 0) (lt $gpus $needed) -}}
{{- fail (printf "gpu.count is %d, but parallelism needs tensor × pipeline × data = %d accelerators; leave gpu.count empty to have them counted" $gpus $needed) -}}
{{- end -}}
{{- end -}}
