# Autoscaling, where what it needs is on the cluster.

step_autoscaling() {
  $KUBECTL get --raw /apis/metrics.k8s.io/v1beta1/nodes > /dev/null 2>&1 || { skip "no metrics.k8s.io; install metrics-server"; return 0; }
  k delete hpa e2e-router --ignore-not-found > /dev/null
  k create -f - > /dev/null <<'YAML'
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: e2e-router}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: turnout-router}
  minReplicas: 1
  maxReplicas: 3
  metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 150m}}}]
  behavior:
    scaleUp: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 2, periodSeconds: 15}]}
    scaleDown: {stabilizationWindowSeconds: 15, policies: [{type: Pods, value: 3, periodSeconds: 15}]}
YAML
  local most=0 least=9 n end
  drill_begin scale || return 1
  end=$((SECONDS + TIME + 30))
  while [ $SECONDS -lt $end ]; do n=$(k get deployment turnout-router -o jsonpath='{.status.readyReplicas}'); [ "${n:-0}" -gt $most ] && most=$n; sleep 2; done
  drill_end scale || return 1
  eventually 240 bash -c "[ \"\$($KUBECTL -n $NAMESPACE get deployment turnout-router -o jsonpath='{.status.replicas}')\" = 1 ]" && least=1
  k delete hpa e2e-router > /dev/null
  figure most "$most"; figure least "$least"
  [ "$most" -ge 2 ] && [ $least = 1 ] || { fail "routers went up to $most and down to $least"; return 1; }
}

# replicas ROLE: all of a role that are wanted; ready_replicas ROLE: all that are ready.
deployments() { k get deployments -l app.kubernetes.io/component="$1" "${@:2}"; }
replicas() { deployments "$1" -o jsonpath='{range .items[*]}{.spec.replicas}{"\n"}{end}' | paste -sd+ | bc; }
ready_replicas() { deployments "$1" -o jsonpath='{range .items[*]}{.status.readyReplicas}{"\n"}{end}' | sed 's/^$/0/' | paste -sd+ | bc; }
has_replicas() { [ "$(replicas "$1")" = "$2" ] && [ "$(ready_replicas "$1")" = "$2" ]; }
no_workers() { has_replicas worker 0; }
workers_to_none() { local each; for each in $(deployments worker -o name); do k scale "$each" --replicas=0 > /dev/null; done; }

# What KEDA scales. with_keda VALUES.YAML [HELM'S OPTIONS], and back again, whatever came of it.
keda_is_there() {
  $KUBECTL get crd scaledobjects.keda.sh > /dev/null 2>&1 || { skip "no KEDA"; return 1; }
  command -v "$HELM" > /dev/null || { skip "no helm"; return 1; }
}
with_keda() {
  local version; version=$($KUBECTL version -o json | sed -n '/serverVersion/,$ s/.*"gitVersion": "\(.*\)".*/\1/p' | head -1)
  "$HELM" template turnout "$here/../chart/turnout" --kube-version "$version" -n $NAMESPACE -f "$here/../overlays/local/values.yaml" -f "$here/$1" "${@:2}" \
    | k apply -f - > /dev/null || fail "helm template"
}
without_keda() {
  k delete scaledobjects --all > /dev/null
  workers_to_none # who works by the other delivery is waited for
  $KUBECTL apply -k "$here/../overlays/local" > /dev/null && everything_ready || fail "not everything is ready again"
}
and_without_keda() { local rc; "$@"; rc=$?; without_keda || rc=1; return $rc; }
# most_until_drill_ends ROLE...: into MOST, by role, how many were ready at most during a drill.
most_until_drill_ends() {
  local each n end=$((SECONDS + TIME + 30))
  declare -gA MOST=()
  for each in "$@"; do MOST[$each]=0; done
  while [ $SECONDS -lt $end ]; do
    for each in "$@"; do n=$(ready_replicas "$each"); [ "${n:-0}" -gt "${MOST[$each]}" ] && MOST[$each]=$n; done
    sleep 2
  done
}

# Workers go when nothing waits, and what is asked then brings them back, by the routers' metric of
# what waits for share groups. Needs KEDA, and a Prometheus that reads the routers.
step_scale-to-none() {
  keda_is_there || return 0
  [ -n "$PROMETHEUS" ] || { skip "PROMETHEUS names no address"; return 0; }
  and_without_keda scale_to_none
}
scale_to_none() {
  local begun
  workers_to_none # who works by the other delivery is waited for
  eventually 120 no_workers || { fail "the workers do not end"; return 1; }
  with_keda scale-to-none.yaml --set monitoring.prometheusUrl="$PROMETHEUS" || return 1
  eventually 240 no_workers || { fail "with nothing to do $(replicas worker) workers are wanted"; return 1; }
  begun=$(now)
  eventually 240 answered || { fail "a question brings no worker"; return 1; }
  figure firstAnswerFromNoneSeconds "$(since "$begun")"
  drill_begin backlog || return 1
  most_until_drill_ends worker
  drill_end backlog || return 1
  figure most "${MOST[worker]}"
  begun=$(now)
  eventually 300 no_workers || { fail "after the traffic $(replicas worker) workers are wanted"; return 1; }
  figure goneAgainAfterSeconds "$(since "$begun")"
  [ "${MOST[worker]}" -ge 3 ] || { fail "at most ${MOST[worker]} workers for two LLMs"; return 1; }
}

# Routers and graders by the lag of their consumer groups. Routers are taken away under traffic, so
# that queries wait as after an outage: KEDA brings them back, more than there were, and less again
# when nothing waits; graders, which may go altogether, come with the first outcomes. Needs KEDA.
at_rest() { has_replicas router 1 && has_replicas grader 0; }
step_scale-by-lag() {
  keda_is_there || return 0
  and_without_keda scale_by_lag
}
scale_by_lag() {
  local begun
  with_keda scale-by-lag.yaml || return 1
  eventually 300 at_rest || { fail "with nothing to do $(replicas router) routers and $(replicas grader) graders are wanted"; return 1; }
  drill_begin lag || return 1
  k scale deployment turnout-router --replicas=0 > /dev/null
  most_until_drill_ends router grader
  drill_end lag || return 1
  figure mostRouters "${MOST[router]}"; figure mostGraders "${MOST[grader]}"
  begun=$(now)
  eventually 300 at_rest || { fail "after the traffic $(replicas router) routers and $(replicas grader) graders are wanted"; return 1; }
  figure atRestAgainAfterSeconds "$(since "$begun")"
  [ "${MOST[router]}" -ge 2 ] && [ "${MOST[grader]}" -ge 1 ] || { fail "at most ${MOST[router]} routers and ${MOST[grader]} graders"; return 1; }
}
