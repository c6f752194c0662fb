{{/* The file that says that the volume holds this very model; its name changes with model and revision. */}}
{{- define "vllm.downloadMark" -}}
{{- printf ".complete-%s" (printf "%s@%s" .Values.model.name .Values.model.revision | sha256sum | trunc 12) -}}
{{- end -}}

{{/* A container that fills the volume once. What it is told comes in variables, never in the text of the script. */}}
{{- define "vllm.downloadContainer" -}}
name: download
image: {{ include "vllm.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
command: [/bin/sh, -euc]
args:
  - |
    if [ -e "$TARGET/$MARK" ]; then echo "already there: $MODEL"; exit 0; fi
    mkdir -p "$TARGET"
    hf download "$MODEL" ${REVISION:+--revision "$REVISION"} --local-dir "$TARGET"
    # the root of a volume belongs to somebody else, and what this user did not write need not be changed
    find "$TARGET" -mindepth 1 -user "$(id -u)" -exec chmod a+rX {} +
    touch "$TARGET/$MARK"
env:
  {{- include "vllm.homeEnv" . | nindent 2 }}
  - { name: MODEL, value: {{ .Values.model.name | quote }} }
  - { name: REVISION, value: {{ .Values.model.revision | quote }} }
  - { name: TARGET, value: {{ include "vllm.volumePath" . | quote }} }
  - { name: MARK, value: {{ include "vllm.downloadMark" . | quote }} }
  {{- with include "vllm.hubEnv" . }}
  {{- . | trim | nindent 2 }}
  {{- end }}
resources:
  {{- toYaml .Values.volume.downloadResources | nindent 2 }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
volumeMounts:
  - { name: models, mountPath: {{ .Values.volume.mountPath | quote }}{{ with .Values.volume.subPath }}, subPath: {{ . | quote }}{{ end }} }
  - { name: cache, mountPath: {{ .Values.cache.mountPath | quote }} }
  - { name: tmp, mountPath: /tmp }
{{- end -}}

{{/* A container that waits until the Job has filled the volume. */}}
{{- define "vllm.waitContainer" -}}
name: wait-for-model
image: {{ include "vllm.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
command: [/bin/sh, -euc]
args: ['until [ -e "$TARGET/$MARK" ]; do sleep 1; done']
env:
  - { name: TARGET, value: {{ include "vllm.volumePath" . | quote }} }
  - { name: MARK, value: {{ include "vllm.downloadMark" . | quote }} }
resources:
  requests: { cpu: 10m, memory: 16Mi }
  limits: { memory: 64Mi }
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
volumeMounts:
  - { name: models, mountPath: {{ .Values.volume.mountPath | quote }}{{ with .Values.volume.subPath }}, subPath: {{ . | quote }}{{ end }}, readOnly: true }
{{- end -}}

{{- define "vllm.modelVolume" -}}
name: models
persistentVolumeClaim: { claimName: {{ include "vllm.claim" (dict "root" . "settings" .Values.volume "suffix" "models") | quote }} }
{{- end -}}
