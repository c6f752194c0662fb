{{/* Address blocks as peers. Argument: a list of CIDRs. */}}
{{- define "assay.blocks" -}}
{{- range . }}
- ipBlock: { cidr: {{ . | quote }} }
{{- end }}
{{- end }}

{{- define "assay.tcp" -}}
{{- range . }}
- { protocol: TCP, port: {{ . }} }
{{- end }}
{{- end }}

{{/* What both components reach: DNS and the API server. */}}
{{- define "assay.egressBase" -}}
{{- with .Values.networkPolicy.dns -}}
# names
- to: {{- toYaml .to | nindent 4 }}
  ports:
    {{- range .ports }}
    - { protocol: UDP, port: {{ . }} }
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end }}
# the API server
- to: {{- include "assay.blocks" .Values.networkPolicy.apiServer.cidrs | nindent 4 }}
  ports: {{- include "assay.tcp" .Values.networkPolicy.apiServer.ports | nindent 4 }}
{{- end }}
