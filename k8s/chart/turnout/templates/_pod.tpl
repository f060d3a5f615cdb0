{{/*
The pod of a role, or of anything else that runs this program.
  root        the whole
  component   e.g. router
  extra       further labels
  args        command line
  config      name of the ConfigMap with turnout.yaml; empty is none
  settings    what is in it, so that pods follow a change
  user        whose credentials for Kafka are mounted; empty is none
  image, resources, gracePeriod
  ports       map of name to port, besides that of metrics
  leave       seconds to go on serving before SIGTERM
  env         list of environment variables
  volumes     list of volumes
  mounts      list of their mounts
  temporary   size of /tmp
  state       a directory /var/lib/turnout of the pod's own
  gpus        whole GPUs
  placement   map with nodeSelector and tolerations
  once        a Job's
*/}}
{{- define "turnout.pod" -}}
{{- $values := .root.Values -}}
{{- $kafka := and .user (ne $values.kafka.authentication "none") -}}
{{- $ca := and $kafka (include "turnout.caSecret" .root) -}}
metadata:
  labels:
    {{- include "turnout.labels" . | nindent 4 }}
  {{- if .config }}
  annotations:
    turnout.dev/settings: {{ include "turnout.settings" . | sha256sum | trunc 16 | quote }}
  {{- end }}
spec:
  serviceAccountName: {{ .root.Release.Name }}
  automountServiceAccountToken: false
  # a Service turnout-gateway would set TURNOUT_GATEWAY_PORT
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .gracePeriod | default 30 }}
  {{- if .once }}
  restartPolicy: OnFailure
  {{- end }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- if not .once }}
  {{- include "turnout.spread" . | nindent 2 }}
  {{- end }}
  {{- with .placement }}
  {{- with .nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  containers:
    - name: turnout
      image: {{ include "turnout.image" . }}
      imagePullPolicy: {{ .image.pullPolicy }}
      args:
        {{- toYaml .args | nindent 8 }}
      {{- if or $kafka .env $values.javaOptions (and .user $values.registry.credentialsSecret) }}
      env:
        {{- with $values.javaOptions }}
        - name: JAVA_TOOL_OPTIONS
          value: {{ . | quote }}
        {{- end }}
        {{- with .env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- if $kafka }}
        {{- if eq $values.kafka.authentication "scram-sha-512" }}
        - name: TURNOUT_KAFKA_SASL_JAAS_CONFIG
          valueFrom:
            secretKeyRef:
              name: {{ include "turnout.kafkaSecret" . }}
              key: sasl.jaas.config
        {{- else }}
        - name: TURNOUT_KAFKA_SSL_KEYSTORE_PASSWORD
          valueFrom:
            secretKeyRef:
              name: {{ include "turnout.kafkaSecret" . }}
              key: user.password
        {{- end }}
        {{- end }}
        {{- if and .user $values.registry.credentialsSecret }}
        - name: TURNOUT_REGISTRY_BASIC_AUTH_USER_INFO
          valueFrom:
            secretKeyRef:
              name: {{ $values.registry.credentialsSecret }}
              key: basic.auth.user.info
        {{- end }}
      {{- end }}
      {{- if not .once }}
      ports:
        {{- range $name, $port := .ports }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
        - name: metrics
          containerPort: 9464
      {{- /* ten minutes: where all roles start at once on a machine without time, one took more than three */}}
      startupProbe:
        httpGet: {path: /startupz, port: metrics}
        periodSeconds: 1
        timeoutSeconds: 2
        failureThreshold: 600
      livenessProbe:
        httpGet: {path: /healthz, port: metrics}
        periodSeconds: 10
        timeoutSeconds: 5
      readinessProbe:
        httpGet: {path: /readyz, port: metrics}
        periodSeconds: 2
        timeoutSeconds: 2
      {{- end }}
      {{- with .leave }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ . }}
      {{- end }}
      resources:
        {{- $resources := deepCopy .resources }}
        {{- if .gpus }}
        {{- $resources = merge $resources (dict "limits" (dict "nvidia.com/gpu" .gpus)) }}
        {{- end }}
        {{- toYaml $resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if .config }}
        - name: config
          mountPath: /etc/turnout
          readOnly: true
        {{- end }}
        {{- if .state }}
        - name: state
          mountPath: /var/lib/turnout
        {{- end }}
        {{- if $ca }}
        - name: kafka-ca
          mountPath: /etc/turnout-kafka-ca
          readOnly: true
        {{- end }}
        {{- if and $kafka (eq $values.kafka.authentication "tls") }}
        - name: kafka-user
          mountPath: /etc/turnout-kafka-user
          readOnly: true
        {{- end }}
        {{- with .mounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: {{ .temporary | default "256Mi" }}
    {{- if .config }}
    - name: config
      configMap:
        name: {{ .config }}
    {{- end }}
    {{- if eq (.state | toString) "pod" }}
    - name: state
      emptyDir: {}
    {{- end }}
    {{- if $ca }}
    - name: kafka-ca
      secret:
        secretName: {{ include "turnout.caSecret" .root }}
        items:
          - key: ca.crt
            path: ca.crt
    {{- end }}
    {{- if and $kafka (eq $values.kafka.authentication "tls") }}
    - name: kafka-user
      secret:
        secretName: {{ include "turnout.kafkaSecret" . }}
        items:
          - key: user.p12
            path: user.p12
    {{- end }}
    {{- with .volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* How the pods of a component lie over nodes and zones. */}}
{{- define "turnout.spread" -}}
{{- $spread := .root.Values.spread -}}
{{- if or $spread.node $spread.zone -}}
topologySpreadConstraints:
  {{- range $key, $rule := dict "kubernetes.io/hostname" $spread.node "topology.kubernetes.io/zone" $spread.zone }}
  {{- if $rule }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ $rule }}
    labelSelector:
      matchLabels:
        {{- include "turnout.selector" $ | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Keeps a drain from taking more than one pod of a component at a time. Takes root, component, name, extra. */}}
{{- define "turnout.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "turnout.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # a pod that does no work need not be waited for
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "turnout.selector" . | nindent 6 }}
{{- end }}

{{/* A volume claim of a StatefulSet. Takes name, size and class. */}}
{{- define "turnout.claim" -}}
metadata:
  name: {{ .name }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .class }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size }}
{{- end }}
