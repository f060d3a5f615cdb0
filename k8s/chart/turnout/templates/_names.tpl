{{/* What selects the pods of a component. Takes root, component, and perhaps extra, a map of further labels. */}}
{{- define "turnout.selector" -}}
app.kubernetes.io/name: turnout
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- range $label, $value := .extra }}
{{ $label }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Labels of an object. Takes the same. */}}
{{- define "turnout.labels" -}}
{{ include "turnout.selector" . }}
app.kubernetes.io/part-of: turnout
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The id of an LLM or grader as part of an object's name. */}}
{{- define "turnout.dns" -}}
{{ regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trunc 40 | trimAll "-" }}
{{- end }}

{{/* The id of an LLM as part of a topic's name, as TopicCatalogue has it. */}}
{{- define "turnout.topicPart" -}}
{{ regexReplaceAll "[^A-Za-z0-9._-]" . "-" }}
{{- end }}

{{- define "turnout.prefix" -}}
{{ .Values.topics.prefix | trimSuffix "." }}
{{- end }}

{{- define "turnout.image" -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "turnout.brokers" -}}
{{- if eq .Values.kafka.mode "local" -}}
{{ .Release.Name }}-kafka:9092
{{- else if eq .Values.kafka.mode "strimzi" -}}
{{ .Values.kafka.strimzi.cluster }}-kafka-bootstrap:9093
{{- else -}}
{{ required "kafka.bootstrapServers: name the brokers of your Kafka, or set kafka.mode" .Values.kafka.bootstrapServers }}
{{- end -}}
{{- end }}

{{- define "turnout.registry" -}}
{{- if eq .Values.registry.mode "local" -}}
http://{{ .Release.Name }}-registry:8081
{{- else if eq .Values.registry.mode "apicurio" -}}
http://{{ .Release.Name }}-registry:8080/apis/ccompat/v7
{{- else -}}
{{ required "registry.url: name your schema registry, or set registry.mode" .Values.registry.url }}
{{- end -}}
{{- end }}

{{/* The Secret with a role's credentials for Kafka. Takes root and user, e.g. worker-gpt-5. */}}
{{- define "turnout.kafkaSecret" -}}
{{ get .root.Values.kafka.secrets .user | default (printf "%s-%s" .root.Release.Name .user) }}
{{- end }}

{{/* The Secret with the authority of the brokers' certificates; empty for the public ones. */}}
{{- define "turnout.caSecret" -}}
{{- if .Values.kafka.caSecret -}}
{{ .Values.kafka.caSecret }}
{{- else if eq .Values.kafka.mode "strimzi" -}}
{{ .Values.kafka.strimzi.cluster }}-cluster-ca-cert
{{- end -}}
{{- end }}

{{/* The consumer group of the routers. */}}
{{- define "turnout.routerGroup" -}}
{{ get .Values.router.settings "router.application-id" | default (get .Values.settings "router.application-id") | default (printf "%s-router" (include "turnout.prefix" .)) }}
{{- end }}

{{/* What the learners' applications and groups begin with. */}}
{{- define "turnout.learnerGroup" -}}
{{ get .Values.learner.settings "learner.application-id" | default (get .Values.settings "learner.application-id") | default (printf "%s-learner" (include "turnout.prefix" .)) }}
{{- end }}

{{/* Application id of the console. */}}
{{- define "turnout.consoleGroup" -}}
{{ get .Values.console.settings "console.application-id" | default (get .Values.settings "console.application-id") | default (printf "%s-console" (include "turnout.prefix" .)) }}
{{- end }}

{{/* Whether anything is scaled by Kafka's lag. */}}
{{- define "turnout.kafkaScaled" -}}
{{- $scaled := .Values.router.autoscaling.enabled -}}
{{- range .Values.graders -}}
{{- if (mergeOverwrite (deepCopy $.Values.grader.autoscaling) (deepCopy (.autoscaling | default dict))).enabled -}}{{- $scaled = true -}}{{- end -}}
{{- end -}}
{{- if $scaled -}}yes{{- end -}}
{{- end }}

{{/* The brokers, for whoever is in another namespace. */}}
{{- define "turnout.brokersFromAfar" -}}
{{- if eq .Values.kafka.mode "existing" -}}
{{ include "turnout.brokers" . }}
{{- else -}}
{{ include "turnout.brokers" . | replace ":" (printf ".%s.svc:" .Release.Namespace) }}
{{- end -}}
{{- end }}
