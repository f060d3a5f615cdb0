{{/* Where an LLM answers. Takes root and llm. */}}
{{- define "turnout.llmUrl" -}}
{{- if .llm.url -}}
{{ .llm.url }}
{{- else if .llm.vllm -}}
http://{{ .root.Release.Name }}-vllm-{{ include "turnout.dns" .llm.id }}:8000/v1
{{- else if .root.Values.simulatedLlm.enabled -}}
http://{{ .root.Release.Name }}-simulated-llm:8000/v1
{{- else -}}
{{- fail (printf "llms: %s has neither url nor vllm; say where it answers" .llm.id) -}}
{{- end -}}
{{- end }}

{{/* How an LLM's workers scale, as YAML. Takes root and llm. */}}
{{- define "turnout.workerAutoscaling" -}}
{{- mergeOverwrite (deepCopy .root.Values.worker.autoscaling) (deepCopy (.llm.autoscaling | default dict)) | toYaml -}}
{{- end }}

{{/* Where an LLM is: simulated, vllm or outside. */}}
{{- define "turnout.llmPlace" -}}
{{- if .llm.url -}}outside{{- else if .llm.vllm -}}vllm{{- else -}}simulated{{- end -}}
{{- end }}

{{/* The port of a URL. */}}
{{- define "turnout.port" -}}
{{- $url := urlParse . -}}
{{- if contains ":" $url.host -}}
{{ splitList ":" $url.host | last }}
{{- else -}}
{{ ternary "443" "80" (eq $url.scheme "https") }}
{{- end -}}
{{- end }}
