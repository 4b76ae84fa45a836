{{/* The pod, the same for Deployment and DaemonSet. */}}
{{- define "tlsfront.pod" -}}
metadata:
  labels:
    {{- /* Without the chart's version: another chart that changes nothing in the pod ends no session. */}}
    {{- include "tlsfront.selectorLabels" . | nindent 4 }}
    {{- with .Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    tlsfront/restart-checksum: {{ include "tlsfront.restartChecksum" . | quote }}
    {{- if .Values.rollOnConfigChange }}
    checksum/config: {{ include "tlsfront.config" . | sha256sum | quote }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "tlsfront.serviceAccountName" . }}
  automountServiceAccountToken: false
  # A Service named tlsfront would set TLSFRONT_* variables.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "tlsfront.gracePeriod" . }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.hostNetwork }}
  hostNetwork: true
  {{- end }}
  {{- if not (kindIs "invalid" .Values.hostUsers) }}
  hostUsers: {{ .Values.hostUsers }}
  {{- end }}
  {{- with default (ternary "ClusterFirstWithHostNet" "" .Values.hostNetwork) .Values.dnsPolicy }}
  dnsPolicy: {{ . }}
  {{- end }}
  {{- with .Values.dnsConfig }}
  dnsConfig: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.hostAliases }}
  hostAliases: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with .Values.schedulerName }}
  schedulerName: {{ . }}
  {{- end }}
  securityContext: {{- toYaml .Values.podSecurityContext | nindent 4 }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.topologySpreadConstraints }}
  topologySpreadConstraints: {{- toYaml .Values.topologySpreadConstraints | nindent 4 }}
  {{- else if eq .Values.kind "Deployment" }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "tlsfront.selectorLabels" . | nindent 10 }}
      {{- if semverCompare ">=1.27-0" .Capabilities.KubeVersion.Version }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: tlsfront
      image: {{ include "tlsfront.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - run
        {{- with .Values.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        # Not an argument: every command finds it, whoever runs one in the pod.
        - name: TLSFRONT_CONFIG
          value: /etc/tlsfront/config/tlsfront.yaml
        - name: K8S_POD_NAME
          valueFrom: { fieldRef: { fieldPath: metadata.name } }
        - name: K8S_NAMESPACE_NAME
          valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
        - name: K8S_NODE_NAME
          valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
        - name: OTEL_RESOURCE_ATTRIBUTES
          value: k8s.pod.name=$(K8S_POD_NAME),k8s.namespace.name=$(K8S_NAMESPACE_NAME),k8s.node.name=$(K8S_NODE_NAME),service.instance.id=$(K8S_NAMESPACE_NAME).$(K8S_POD_NAME)
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom: {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- range .Values.config.listeners }}
        - name: {{ include "tlsfront.portName" . }}
          containerPort: {{ include "tlsfront.port" .address }}
          protocol: TCP
          {{- with get $.Values.hostPorts .name }}
          hostPort: {{ . }}
          {{- end }}
        {{- end }}
        - name: admin
          containerPort: {{ include "tlsfront.adminPort" . }}
          protocol: TCP
      startupProbe:
        httpGet: { path: /livez, port: admin }
        {{- toYaml .Values.startupProbe | nindent 8 }}
      readinessProbe:
        httpGet: { path: /readyz, port: admin }
        {{- toYaml .Values.readinessProbe | nindent 8 }}
      livenessProbe:
        httpGet: { path: /livez, port: admin }
        {{- toYaml .Values.livenessProbe | nindent 8 }}
      {{- with .Values.lifecycle }}
      lifecycle: {{- toYaml . | nindent 8 }}
      {{- end }}
      resources: {{- toYaml .Values.resources | nindent 8 }}
      {{- with .Values.resizePolicy }}
      resizePolicy: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext: {{- toYaml .Values.securityContext | nindent 8 }}
      volumeMounts:
        # Folders, never single files (subPath): those would not follow a changed Secret or ConfigMap.
        - name: config
          mountPath: /etc/tlsfront/config
          readOnly: true
        {{- range $index, $entry := .Values.certificates }}
        - name: certificate-{{ $index }}
          mountPath: /etc/tlsfront/certificates/{{ include "tlsfront.certificateName" $entry }}
          readOnly: true
        {{- end }}
        {{- if .Values.ticketKeys.existingSecret }}
        - name: ticket-keys
          mountPath: /etc/tlsfront/ticket-keys
          readOnly: true
        {{- end }}
        {{- if include "tlsfront.userMaps" . }}
        - name: user-maps
          mountPath: /etc/tlsfront/user-maps
          readOnly: true
        {{- end }}
        {{- if .Values.admin.token.existingSecret }}
        - name: admin-token
          mountPath: /etc/tlsfront/admin
          readOnly: true
        {{- end }}
        {{- if .Values.admin.socket }}
        - name: run
          mountPath: /run/tlsfront
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.sidecars }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "tlsfront.fullname" . }}
    {{- range $index, $entry := .Values.certificates }}
    {{- /* By number: names of Secrets may have dots, names of volumes may not. */}}
    - name: certificate-{{ $index }}
      secret:
        secretName: {{ include "tlsfront.certificateSecret" (list $ $entry) }}
        # Owner and group: fsGroup makes the group the container's.
        defaultMode: 0440
    {{- end }}
    {{- if .Values.ticketKeys.existingSecret }}
    - name: ticket-keys
      secret:
        secretName: {{ .Values.ticketKeys.existingSecret }}
        defaultMode: 0440
    {{- end }}
    {{- with include "tlsfront.userMaps" . }}
    - name: user-maps
      configMap:
        name: {{ . }}
    {{- end }}
    {{- with .Values.admin.token }}
    {{- if .existingSecret }}
    - name: admin-token
      secret:
        secretName: {{ .existingSecret }}
        items: [{ key: {{ .key | quote }}, path: {{ .key | quote }} }]
        defaultMode: 0440
    {{- end }}
    {{- end }}
    {{- if .Values.admin.socket }}
    - name: run
      emptyDir: { medium: Memory, sizeLimit: 1Mi }
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
