# What the steps share: the cluster, figures, traffic. Sourced by run.sh.

say() { echo "$(date +%T) $*" >&2; }
now() { date +%s.%N; }
since() { printf '%.1f' "$(echo "$(now) - $1" | bc)"; }
k() { $KUBECTL -n $NAMESPACE "$@"; }

# figure NAME VALUE: VALUE is JSON
figure() { FIGURES+=("\"$1\":${2:-null}"); }
joined() { local each; for each in "$@"; do printf ',%s' "$each"; done; }
# skip WHY: the step has nothing to show here
skip() { STATE=skipped; figure why "\"$*\""; say "skipped: $*"; }
# fail WHY
fail() { figure problem "\"$(echo "$*" | tr -d '"\n' | cut -c1-300)\""; say "FAILED: $*"; return 1; }

# eventually SECONDS COMMAND...: until it succeeds
eventually() {
  local end=$((SECONDS + $1)); shift
  until "$@" > /dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.5; done
}

ready() { k rollout status --timeout="${2:-300s}" "$1" >&2; }
everything_ready() {
  local each
  for each in $(k get deployments,statefulsets -o name); do ready "$each" || { k get pods >&2; return 1; }; done
}
nodes() { $KUBECTL get nodes -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}'; }

# Seconds from a container's start to its pod's readiness, of the youngest pod of a component.
start_to_ready() {
  k get pods -l app.kubernetes.io/component="$1" --sort-by=.metadata.creationTimestamp -o json | python3 -c '
import json, sys
from datetime import datetime as d
t = lambda s: d.strptime(s, "%Y-%m-%dT%H:%M:%SZ")
pod = [p for p in json.load(sys.stdin)["items"] if not p["metadata"].get("deletionTimestamp")][-1]["status"]
started = max(t(c["state"]["running"]["startedAt"]) for c in pod["containerStatuses"])
ready = [t(c["lastTransitionTime"]) for c in pod["conditions"] if c["type"] == "Ready" and c["status"] == "True"][0]
print(int((ready - started).total_seconds()))'
}

# A pod of this program that runs once: tool NAME LABELS ARGS... (LABELS is JSON); of image TOOLS if
# that is set, otherwise of the routers'.
tool() {
  local name=$1 labels=$2; shift 2
  local args; args=$(printf ',"%s"' "$@")
  k delete pod "$name" --ignore-not-found --wait > /dev/null 2>&1
  k create -f - > /dev/null <<JSON
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "$name", "labels": $labels}, "spec": {
  "restartPolicy": "Never", "automountServiceAccountToken": false, "enableServiceLinks": false,
  "securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "turnout", "image": "${TOOLS:-$(image)}", "imagePullPolicy": "IfNotPresent", "args": [${args:1}],
    "env": [{"name": "JDK_JAVA_OPTIONS", "value": "-XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1"}],
    "resources": {"requests": {"cpu": "50m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
    "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
    "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "config", "mountPath": "/etc/turnout"}]}],
  "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "config", "configMap": {"name": "turnout-operator"}}]}}
JSON
}
image() { k get deployment turnout-router -o jsonpath='{.spec.template.spec.containers[0].image}'; }
# What an operator's pod is allowed by the network policies.
OPERATOR='{"app.kubernetes.io/name": "turnout", "app.kubernetes.io/instance": "turnout", "app.kubernetes.io/component": "operator", "app.kubernetes.io/part-of": "turnout"}'
STRANGER='{"app": "stranger"}'
phase() { k get pod "$1" -o jsonpath='{.status.phase}'; }
ended() { [[ $(phase "$1") =~ Succeeded|Failed ]]; }
# exit code of a tool that has ended
code() { k get pod "$1" -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'; }

asking() { k logs "drill-$1" | grep -q '^asks '; }
# Traffic while something happens: drill_begin NAME, the deed, drill_end NAME.
drill_begin() {
  tool "drill-$1" "$OPERATOR" drill --rate "$RATE" --for "${TIME}s" --settle 120s --wait 2m --json --config /etc/turnout/turnout.yaml
  eventually 180 asking "$1" || { fail "drill-$1 does not ask"; return 1; }
  sleep 5 # the traffic is to be even before something happens to it
}
drill_end() {
  eventually $((TIME + 240)) ended "drill-$1" || { fail "drill-$1 does not end"; return 1; }
  local json; json=$(k logs "drill-$1" 2> /dev/null | grep '^{"asked"' | tail -1)
  figure "$1" "${json:-null}"
  [ "$(code "drill-$1")" = 0 ] || { k logs "drill-$1" --tail=5 >&2; fail "drill $1 lost or doubled something"; return 1; }
  k delete pod "drill-$1" --wait=false > /dev/null
}

# forwarded PORT TARGET COMMAND...: while PORT of this machine leads to TARGET, a pod or service and its
# port. Not from a node's own address: a node is no pod, and policies let nobody but pods in.
forwarded() {
  local port=$1 target=$2 forward rc; shift 2
  # not by k: of a function in the background the shell alone would be ended
  $KUBECTL -n $NAMESPACE port-forward "${target%:*}" "$port:${target##*:}" > /dev/null 2>&1 & forward=$!
  eventually 20 $ON_NODE curl -s -m 5 -o /dev/null "http://127.0.0.1:$port/"
  "$@"; rc=$?
  kill $forward 2> /dev/null; wait $forward 2> /dev/null
  return $rc
}
# gateway PATH JSON [CURL'S OPTIONS]
gateway() {
  local path=$1 json=$2 key; shift 2
  key=$(k get secret turnout-key -o jsonpath='{.data.key}' | base64 -d)
  $ON_NODE curl -sS -m 60 "$@" "http://127.0.0.1:18080$path" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d "$json"
}
QUESTION='{"model": "auto", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'
# ask: the status and body of one question through the gateway, as k8s/README.md says it.
ask() { forwarded 18080 service/turnout-gateway:80 gateway /v1/chat/completions "$QUESTION" -w '\n%{http_code}'; }
answered() { ask | tail -1 | grep -qx 200; }
# rate N: asks so often and rates each answer.
rate() {
  local i id
  for ((i = 0; i < $1; i++)); do
    id=$(gateway /v1/chat/completions "$QUESTION" -D - -o /dev/null | tr -d '\r' | sed -n 's/^x-turnout-query-id: //Ip')
    gateway /v1/feedback "{\"id\": \"$id\", \"thumb\": \"up\"}" -f > /dev/null || return 1
  done
}
