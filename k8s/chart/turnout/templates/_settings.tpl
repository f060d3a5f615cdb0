{{/* The configuration file of a role. Takes root, and settings, a list of maps of which later ones win. */}}
{{- define "turnout.settings" -}}
{{- $values := .root.Values -}}
{{- $all := dict
  "kafka.bootstrap.servers" (include "turnout.brokers" .root)
  "registry.url" (include "turnout.registry" .root)
  "topics.prefix" (include "turnout.prefix" .root)
  "topics.partitions" $values.topics.partitions
  "topics.replication" $values.topics.replication
  "metrics.host" "0.0.0.0"
  "metrics.port" 9464 -}}
{{- if eq $values.kafka.authentication "scram-sha-512" }}
{{- $all = merge $all (dict "kafka.security.protocol" "SASL_SSL" "kafka.sasl.mechanism" "SCRAM-SHA-512") }}
{{- else if eq $values.kafka.authentication "tls" }}
{{- $all = merge $all (dict "kafka.security.protocol" "SSL" "kafka.ssl.keystore.type" "PKCS12"
  "kafka.ssl.keystore.location" "/etc/turnout-kafka-user/user.p12") }}
{{- end }}
{{- if and (ne $values.kafka.authentication "none") (include "turnout.caSecret" .root) }}
{{- $all = merge $all (dict "kafka.ssl.truststore.type" "PEM"
  "kafka.ssl.truststore.location" "/etc/turnout-kafka-ca/ca.crt") }}
{{- end }}
{{- if $values.registry.credentialsSecret }}
{{- $all = merge $all (dict "registry.basic.auth.credentials.source" "USER_INFO") }}
{{- end }}
{{- $all = mergeOverwrite $all (deepCopy $values.settings) }}
{{- range .settings }}
{{- $all = mergeOverwrite $all (deepCopy .) }}
{{- end }}
{{- toYaml $all }}
{{- end }}

{{/* The ConfigMap of a role. Takes root, component, name, extra and settings. */}}
{{- define "turnout.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  labels:
    {{- include "turnout.labels" . | nindent 4 }}
data:
  turnout.yaml: |
    {{- include "turnout.settings" . | nindent 4 }}
{{- end }}

{{/* Environment variables from Secrets. Takes a list of {name, secret, key}. */}}
{{- define "turnout.secretEnv" -}}
{{- range . }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
{{- end }}
