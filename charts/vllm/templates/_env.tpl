{{/* Everything that the image would write goes under these, because its root may be read-only and its user has no home. */}}
{{- define "vllm.homeEnv" -}}
- { name: HOME, value: /tmp }
# the C library knows no user of this number; Python asks these first
- { name: USER, value: vllm }
- { name: LOGNAME, value: vllm }
- { name: HF_HOME, value: {{ printf "%s/huggingface" .Values.cache.mountPath | quote }} }
- { name: VLLM_NO_USAGE_STATS, value: "1" }
- { name: DO_NOT_TRACK, value: "1" }
{{- end -}}

{{- define "vllm.hubEnv" -}}
{{- with .Values.hub -}}
{{- if .tokenSecretName -}}
- name: HF_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ .tokenSecretName | quote }}, key: {{ .tokenSecretKey | quote }} }
{{ end -}}
{{- with .endpoint -}}
- { name: HF_ENDPOINT, value: {{ . | quote }} }
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "vllm.env" -}}
{{ include "vllm.homeEnv" . }}
- { name: VLLM_CACHE_ROOT, value: {{ printf "%s/vllm" .Values.cache.mountPath | quote }} }
- { name: XDG_CACHE_HOME, value: {{ printf "%s/xdg" .Values.cache.mountPath | quote }} }
- { name: TRITON_CACHE_DIR, value: {{ printf "%s/triton" .Values.cache.mountPath | quote }} }
- { name: TORCHINDUCTOR_CACHE_DIR, value: {{ printf "%s/inductor" .Values.cache.mountPath | quote }} }
- { name: FLASHINFER_WORKSPACE_BASE, value: {{ .Values.cache.mountPath | quote }} }
- { name: CUDA_CACHE_PATH, value: {{ printf "%s/cuda" .Values.cache.mountPath | quote }} }
- { name: VLLM_LOGGING_LEVEL, value: {{ .Values.logLevel | quote }} }
{{- if or .Values.hub.offline (ne .Values.model.source "hub") }}
- { name: HF_HUB_OFFLINE, value: "1" }
- { name: TRANSFORMERS_OFFLINE, value: "1" }
{{- end }}
{{- if eq .Values.model.source "hub" }}
{{- with include "vllm.hubEnv" . }}
{{ . | trim }}
{{- end }}
{{- end }}
{{- if .Values.devMode }}
- { name: VLLM_SERVER_DEV_MODE, value: "1" }
{{- end }}
{{- if eq (include "vllm.gpus" .) "0" }}
- { name: VLLM_CPU_KVCACHE_SPACE, value: {{ .Values.cpu.kvCacheGiB | quote }} }
- { name: VLLM_CPU_OMP_THREADS_BIND, value: {{ .Values.cpu.threadsBind | quote }} }
{{- with .Values.cpu.threads }}
- { name: OMP_NUM_THREADS, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- with .Values.apiKey }}
{{- if .secretName }}
- name: VLLM_API_KEY
  valueFrom:
    secretKeyRef: { name: {{ .secretName | quote }}, key: {{ .key | quote }} }
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
