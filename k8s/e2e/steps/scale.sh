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
