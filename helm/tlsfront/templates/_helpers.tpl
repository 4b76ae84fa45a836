{{- define "tlsfront.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "tlsfront.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "tlsfront.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "tlsfront.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tlsfront.selectorLabels" -}}
app.kubernetes.io/name: {{ include "tlsfront.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tlsfront.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "tlsfront.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: tlsfront
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "tlsfront.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "tlsfront.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "tlsfront.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Port at the end of an address such as "*:10993" or "[::]:10993". */}}
{{- define "tlsfront.port" -}}
{{- regexReplaceAll "^.*:" . "" -}}
{{- end -}}

{{/* Name of a container port: the listener's where Kubernetes allows it (15 small letters, digits and "-"), else its number. */}}
{{- define "tlsfront.portName" -}}
{{- if and (regexMatch "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" .name) (regexMatch "[a-z]" .name) (not (contains "--" .name)) (le (len .name) 15) -}}
{{- .name -}}
{{- else -}}
port-{{ include "tlsfront.port" .address }}
{{- end -}}
{{- end -}}

{{/* Port of the Service for a listener: [service, listener]. */}}
{{- define "tlsfront.servicePort" -}}
{{- $service := index . 0 -}}
{{- $listener := index . 1 -}}
{{- $port := include "tlsfront.port" $listener.address | int -}}
{{- if hasKey $service.ports $listener.name -}}
{{- index $service.ports $listener.name -}}
{{- else if and (gt $port 10000) (lt $port 11024) -}}
{{- sub $port 10000 -}}
{{- else -}}
{{- $port -}}
{{- end -}}
{{- end -}}

{{- define "tlsfront.adminPort" -}}
{{- include "tlsfront.port" (default "*:9090" (dig "admin" "address" "" (include "tlsfront.settings" . | fromYaml))) -}}
{{- end -}}

{{/*
A value as YAML: without nulls, by which values take defaults back and which the gateway refuses, and without what they leave empty. Numbers as they were
written: toYaml makes 1e+06 of a million.
*/}}
{{- define "tlsfront.yaml" -}}
{{- $lines := list -}}
{{- if kindIs "map" . -}}
{{- range $key, $value := . -}}
{{- $text := include "tlsfront.yaml" $value -}}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "map" $value) (eq $text "{}"))) -}}
{{- $inner := and (kindIs "map" $value) (ne $text "{}") | or (and (kindIs "slice" $value) (ne $text "[]")) -}}
{{- $lines = append $lines (printf "%s:%s" (toYaml $key) (ternary (nindent 2 $text) (printf " %s" (nindent 2 $text | trim)) $inner)) -}}
{{- end -}}
{{- end -}}
{{- $lines | join "\n" | default "{}" -}}
{{- else if kindIs "slice" . -}}
{{- range . -}}
{{- if not (kindIs "invalid" .) -}}
{{- $lines = append $lines (printf "- %s" (include "tlsfront.yaml" . | indent 2 | trim)) -}}
{{- end -}}
{{- end -}}
{{- $lines | join "\n" | default "[]" -}}
{{- else if kindIs "string" . -}}
{{- toYaml . -}}
{{- else -}}
{{- toJson . -}}
{{- end -}}
{{- end -}}

{{/* The values' config as the gateway would read it alone. */}}
{{- define "tlsfront.settings" -}}
{{- include "tlsfront.yaml" .Values.config -}}
{{- end -}}

{{/* Port of a URL. */}}
{{- define "tlsfront.urlPort" -}}
{{- $port := "^[a-z]+://[^/?]*:([0-9]+)([/?].*)?$" -}}
{{- $url := lower . -}}
{{- if regexMatch $port $url }}{{ regexReplaceAll $port $url "${1}" | trimPrefix "0" | int }}{{ else if hasPrefix "https:" $url }}443{{ else }}80{{ end -}}
{{- end -}}

{{/* Seconds of a duration as tlsfront.yaml writes it ("1h30m", "15s", "500ms"), rounded up. */}}
{{- define "tlsfront.seconds" -}}
{{- $milliseconds := 0 -}}
{{- range regexFindAll "[0-9]+(ms|s|m|h|d)" (toString .) -1 -}}
{{- $count := regexFind "^[0-9]+" . | int -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- $milliseconds = add $milliseconds (mul $count (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) $unit)) -}}
{{- end -}}
{{- div (add $milliseconds 999) 1000 -}}
{{- end -}}

{{- define "tlsfront.gracePeriod" -}}
{{- if kindIs "invalid" .Values.terminationGracePeriodSeconds -}}
{{- $settings := include "tlsfront.settings" . | fromYaml -}}
{{- $delay := include "tlsfront.seconds" (dig "drain" "delay" "15s" $settings) -}}
{{- $timeout := include "tlsfront.seconds" (dig "drain" "timeout" "2m" $settings) -}}
{{- add $delay $timeout 30 -}}
{{- else -}}
{{- .Values.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{/* Name of a certificate's folder, and of the cert-manager object. */}}
{{- define "tlsfront.certificateName" -}}
{{- default .existingSecret .name -}}
{{- end -}}

{{/* The Secret that holds a certificate: [root, entry]. */}}
{{- define "tlsfront.certificateSecret" -}}
{{- $root := index . 0 -}}
{{- $entry := index . 1 -}}
{{- if $entry.existingSecret -}}
{{- $entry.existingSecret -}}
{{- else -}}
{{- printf "%s-%s" (include "tlsfront.fullname" $root) $entry.name -}}
{{- end -}}
{{- end -}}

{{/* The ConfigMap that holds user maps; nothing if there is none. */}}
{{- define "tlsfront.userMaps" -}}
{{- if .Values.userMaps.existingConfigMap -}}
{{- .Values.userMaps.existingConfigMap -}}
{{- else if .Values.userMaps.files -}}
{{- printf "%s-user-maps" (include "tlsfront.fullname" . | trunc 53 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{/* tlsfront.yaml: the values' config with what is mounted, and with PROXY headers from the load balancer. What config itself says comes first. */}}
{{- define "tlsfront.config" -}}
{{- $config := include "tlsfront.settings" . | fromYaml -}}
{{- $paths := list -}}
{{- range .Values.certificates -}}
{{- if not .onlyInRoutes -}}
{{- $paths = append $paths (dict "path" (printf "/etc/tlsfront/certificates/%s" (include "tlsfront.certificateName" .))) -}}
{{- end -}}
{{- end -}}
{{- if $paths -}}
{{- $_ := set $config "certificates" (concat (default (list) $config.certificates) $paths) -}}
{{- end -}}
{{- if .Values.ticketKeys.existingSecret -}}
{{- $keys := list -}}
{{- range .Values.ticketKeys.keys -}}
{{- $keys = append $keys (printf "/etc/tlsfront/ticket-keys/%s" .) -}}
{{- end -}}
{{- $_ := set $config "tls" (merge (default (dict) $config.tls) (dict "ticketKeys" $keys)) -}}
{{- end -}}
{{- $admin := dict -}}
{{- if .Values.admin.socket -}}
{{- $_ := set $admin "socket" "/run/tlsfront/admin.sock" -}}
{{- end -}}
{{- if .Values.admin.token.existingSecret -}}
{{- $_ := set $admin "tokenFile" (printf "/etc/tlsfront/admin/%s" .Values.admin.token.key) -}}
{{- end -}}
{{- if $admin -}}
{{- $_ := set $config "admin" (merge (default (dict) $config.admin) $admin) -}}
{{- end -}}
{{- if ne .Values.service.proxyProtocol.preset "none" -}}
{{- $networks := .Values.service.proxyProtocol.trustedNetworks -}}
{{- $listeners := list -}}
{{- range $config.listeners -}}
{{- $listeners = append $listeners (merge (dict) . (dict "proxyProtocol" (dict "trustedNetworks" $networks))) -}}
{{- end -}}
{{- $_ := set $config "listeners" $listeners -}}
{{- end -}}
{{- include "tlsfront.yaml" $config -}}
{{- end -}}

{{/* What needs a restart: a change here replaces the pods, everything else is reloaded in place. */}}
{{- define "tlsfront.restartChecksum" -}}
{{- $config := include "tlsfront.config" . | fromYaml -}}
{{- $cold := pick $config "engine" "admin" "native" "log" "telemetry" -}}
{{- $listeners := list -}}
{{- range $config.listeners -}}
{{- $listeners = append $listeners (pick . "name" "address" "protocol" "security") -}}
{{- end -}}
{{- $_ := set $cold "listeners" $listeners -}}
{{- toJson $cold | sha256sum -}}
{{- end -}}

{{/* Annotation by which a load balancer is told to send the PROXY header. */}}
{{- define "tlsfront.proxyProtocolAnnotations" -}}
{{- $presets := dict
    "aws" (dict "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol" "*")
    "digitalocean" (dict "service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol" "true")
    "hetzner" (dict "load-balancer.hetzner.cloud/uses-proxyprotocol" "true")
    "linode" (dict "service.beta.kubernetes.io/linode-loadbalancer-default-proxy-protocol" "v2")
    "openstack" (dict "loadbalancer.openstack.org/proxy-protocol" "true")
    "ovh" (dict "loadbalancer.openstack.org/proxy-protocol" "v2")
    "scaleway" (dict "service.beta.kubernetes.io/scw-loadbalancer-proxy-protocol-v2" "true")
    "vultr" (dict "service.beta.kubernetes.io/vultr-loadbalancer-proxy-protocol" "true") -}}
{{- with get $presets .Values.service.proxyProtocol.preset -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
