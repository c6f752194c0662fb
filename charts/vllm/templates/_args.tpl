{{/* One scalar as the command line has it: no 1e+06 for a million. */}}
{{- define "vllm.scalar" -}}
{{- if kindIs "string" . -}}{{ . }}{{- else -}}{{ toJson . }}{{- end -}}
{{- end -}}

{{/* What the chart sets itself, by flag; null where there is nothing to set. */}}
{{- define "vllm.ownArgs" -}}
{{- $model := .Values.model -}}
{{- $own := dict "host" "0.0.0.0" "port" .Values.containerPort -}}
{{- $names := $model.servedNames | default (ternary (list) (list $model.name) (eq $model.source "hub")) -}}
{{- if $names }}{{- $_ := set $own "served-model-name" $names }}{{- end -}}
{{- if and $model.revision (eq $model.source "hub") }}{{- $_ := set $own "revision" $model.revision }}{{- end -}}
{{- if not (kindIs "invalid" $model.maxLength) }}{{- $_ := set $own "max-model-len" $model.maxLength }}{{- end -}}
{{- if $model.dtype }}{{- $_ := set $own "dtype" $model.dtype }}{{- end -}}
{{- if and $model.quantization (ne $model.quantization "none") }}{{- $_ := set $own "quantization" $model.quantization }}{{- end -}}
{{- range $flag, $size := dict "tensor-parallel-size" .Values.parallelism.tensor "pipeline-parallel-size" .Values.parallelism.pipeline "data-parallel-size" .Values.parallelism.data -}}
{{- if gt (int $size) 1 }}{{- $_ := set $own $flag $size }}{{- end -}}
{{- end -}}
{{- if .Values.parallelism.expert }}{{- $_ := set $own "enable-expert-parallel" true }}{{- end -}}
{{- if .Values.lora.modules }}
{{- $modules := list -}}
{{- range .Values.lora.modules }}{{- $modules = append $modules (printf "%s=%s" .name .path) }}{{- end -}}
{{- $_ := set $own "enable-lora" true -}}
{{- $_ := set $own "lora-modules" $modules -}}
{{- with .Values.lora.maxLoras }}{{- $_ := set $own "max-loras" . }}{{- end -}}
{{- with .Values.lora.maxRank }}{{- $_ := set $own "max-lora-rank" . }}{{- end -}}
{{- end -}}
{{- toJson $own -}}
{{- end -}}

{{/*
The command line as a JSON list of strings, so that nothing in a value can break out of its place: the model, then flags in
the order of their names, then the extra words.
*/}}
{{- define "vllm.args" -}}
{{- $words := list (include "vllm.modelArgument" .) -}}
{{- $flags := fromJson (include "vllm.ownArgs" .) -}}
{{- range $flag, $value := .Values.args }}{{- $_ := set $flags ($flag | replace "_" "-") $value }}{{- end -}}
{{- range $flag, $value := $flags -}}
{{- if kindIs "invalid" $value -}}
{{- else if kindIs "bool" $value -}}
{{- $words = append $words (printf "--%s%s" (ternary "" "no-" $value) $flag) -}}
{{- else if kindIs "slice" $value -}}
{{- if $value }}{{- $words = append $words (printf "--%s" $flag) }}{{- end -}}
{{- range $value }}{{- $words = append $words (include "vllm.scalar" .) }}{{- end -}}
{{- else -}}
{{- $words = concat $words (list (printf "--%s" $flag) (include "vllm.scalar" $value)) -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraArgs }}{{- $words = append $words (include "vllm.scalar" .) }}{{- end -}}
{{- toJson $words -}}
{{- end -}}
