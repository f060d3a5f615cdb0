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

workers() { k get deployments -l app.kubernetes.io/component=worker -o name; }
# All workers that are wanted, and all that are ready.
wanted_workers() { k get deployments -l app.kubernetes.io/component=worker -o jsonpath='{range .items[*]}{.spec.replicas}{"\n"}{end}' | paste -sd+ | bc; }
ready_workers() { k get deployments -l app.kubernetes.io/component=worker -o jsonpath='{range .items[*]}{.status.readyReplicas}{"\n"}{end}' | sed 's/^$/0/' | paste -sd+ | bc; }
no_workers() { [ "$(wanted_workers)" = 0 ] && [ "$(ready_workers)" = 0 ]; }

# Workers go when nothing waits, and what is asked then brings them back, by the routers' metric of
# what waits for share groups. Needs KEDA, and a Prometheus that reads the routers.
step_scale-to-none() {
  $KUBECTL get crd scaledobjects.keda.sh > /dev/null 2>&1 || { skip "no KEDA"; return 0; }
  [ -n "$PROMETHEUS" ] || { skip "PROMETHEUS names no address"; return 0; }
  command -v "$HELM" > /dev/null || { skip "no helm"; return 0; }
  local each begun end n most=0
  for each in $(workers); do k scale "$each" --replicas=0 > /dev/null; done # who works by the other delivery is waited for
  eventually 120 no_workers || { fail "the workers do not end"; return 1; }
  local version; version=$($KUBECTL version -o json | sed -n '/serverVersion/,$ s/.*"gitVersion": "\(.*\)".*/\1/p' | head -1)
  "$HELM" template turnout "$here/../chart/turnout" --kube-version "$version" -n $NAMESPACE -f "$here/../overlays/local/values.yaml" -f "$here/scale-to-none.yaml" \
    --set monitoring.prometheusUrl="$PROMETHEUS" | k apply -f - > /dev/null || { fail "helm template"; return 1; }
  eventually 240 no_workers || { fail "with nothing to do $(wanted_workers) workers are wanted"; return 1; }
  begun=$(now)
  eventually 240 answered || { fail "a question brings no worker"; return 1; }
  figure firstAnswerFromNoneSeconds "$(since "$begun")"
  drill_begin backlog || return 1
  end=$((SECONDS + TIME + 30))
  while [ $SECONDS -lt $end ]; do n=$(ready_workers); [ "${n:-0}" -gt $most ] && most=$n; sleep 2; done
  drill_end backlog || return 1
  figure most "$most"
  begun=$(now)
  eventually 300 no_workers || { fail "after the traffic $(wanted_workers) workers are wanted"; return 1; }
  figure goneAgainAfterSeconds "$(since "$begun")"
  k delete scaledobjects --all > /dev/null
  for each in $(workers); do k scale "$each" --replicas=0 > /dev/null; done
  $KUBECTL apply -k "$here/../overlays/local" > /dev/null && everything_ready || { fail "not everything is ready again"; return 1; }
  [ "$most" -ge 3 ] || { fail "at most $most workers for two LLMs"; return 1; }
}
