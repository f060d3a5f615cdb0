#!/usr/bin/env bash
# Shows on a real cluster, with traffic, that Turnout's objects do what they say.
#
#   run.sh [STEP...]        all steps in order, or these; run.sh --list names them
#
# Each step prints one line of JSON; the last line holds all of them. Exit code 1 if one failed.
#
# What it takes from its environment:
#   KUBECTL    how to reach the cluster; default kubectl, with the KUBECONFIG at hand
#   ON_NODE    put before curl where KUBECTL works in another network namespace; default nothing
#   LOAD       command that makes the images known to all nodes, run first; default nothing
#   PREVIOUS   tag of the images of the previous version, for the step upgrade
#   AUDIT_LOG  the API server's audit log, for the step pod-security
#   PROMETHEUS address of a Prometheus as KEDA reaches it, and HELM, the program, for the step scale-to-none;
#              HELM is for scale-by-lag, too
#   RATE, TIME queries a second and seconds of a drill; default 50 and 60
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KUBECTL=${KUBECTL:-kubectl} ON_NODE=${ON_NODE:-} LOAD=${LOAD:-} PREVIOUS=${PREVIOUS:-} AUDIT_LOG=${AUDIT_LOG:-}
PROMETHEUS=${PROMETHEUS:-} HELM=${HELM:-helm}
RATE=${RATE:-50} TIME=${TIME:-60} NAMESPACE=turnout
ALL=(first-answer network-policy uninstall three-brokers rolling-restart drain broker-loss learner-volume autoscaling scale-to-none scale-by-lag upgrade pod-security uninstall)
. "$here/cluster.sh"
for step in "$here"/steps/*.sh; do . "$step"; done
if [ "${1:-}" = --list ]; then printf '%s\n' "${ALL[@]}"; exit 0; fi
[ $# -gt 0 ] || set -- "${ALL[@]}"
for step in "$@"; do
  declare -F "step_$step" > /dev/null || { echo "run.sh: no step $step; there are: ${ALL[*]}" >&2; exit 2; }
done
$KUBECTL get nodes > /dev/null || { echo "run.sh: no cluster answers to $KUBECTL; set KUBECONFIG or KUBECTL" >&2; exit 1; }
if [ -n "$LOAD" ]; then say "loading images"; bash -c "$LOAD" >&2 || { echo "run.sh: LOAD failed" >&2; exit 1; }; fi
results=() failed=0
for step in "$@"; do
  say "step $step"
  FIGURES=() STATE=ok
  begun=$(now)
  "step_$step" || STATE=failed
  [ "$STATE" = failed ] && failed=1
  line=$(printf '{"step":"%s","state":"%s","seconds":%s%s}' "$step" "$STATE" "$(since "$begun")" "$(joined "${FIGURES[@]}")")
  echo "$line"; results+=("$line")
done
(IFS=,; echo "{\"failed\":$failed,\"steps\":[${results[*]}]}")
exit $failed
