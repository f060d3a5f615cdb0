# What breaks, with traffic: nothing may be lost or doubled.

step_rolling-restart() {
  local each
  drill_begin routers || return 1
  k rollout restart deployment/turnout-router > /dev/null && ready deployment/turnout-router || { fail "the routers do not come back"; return 1; }
  drill_end routers || return 1
  figure routerStartToReadySeconds "$(start_to_ready router)"
  drill_begin others || return 1
  for each in $(k get deployments,statefulsets -o name | grep -E 'gateway|worker|grader|learner'); do
    k rollout restart "$each" > /dev/null && ready "$each" || { fail "$each does not come back"; return 1; }
  done
  figure gatewayStartToReadySeconds "$(start_to_ready gateway)"
  figure workerStartToReadySeconds "$(start_to_ready worker)"
  drill_end others
}

# A node with a router but without the registry and a single broker, whose try-out disks would stay
# behind, and the one simulated LLM, without which there is nobody to ask; if no router is on such a node, routers are put on all nodes first.
drainable() {
  local fixed=registry,simulated-llm,kafka stays
  k get statefulset kafka > /dev/null 2>&1 && fixed=registry,simulated-llm # one of three brokers may go
  stays=$(k get pods -l "app.kubernetes.io/component in ($fixed)" -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}')
  k get pods -l app.kubernetes.io/component=router --field-selector=status.phase=Running -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}' | grep -vxF "$stays" | head -1 | grep .
}

step_drain() {
  local node; node=$(drainable) || {
    k scale deployment/turnout-router --replicas="$(nodes | wc -l)" > /dev/null && ready deployment/turnout-router
    node=$(drainable)
  } || { skip "no node with a router but without broker and registry"; return 0; }
  $KUBECTL cordon "$node" > /dev/null # who asks is to stay
  drill_begin drain || { $KUBECTL uncordon "$node" > /dev/null; return 1; }
  local begun said drained; begun=$(now)
  said=$($KUBECTL drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout=180s --pod-selector="app.kubernetes.io/name=turnout" 2>&1)
  drained=$?
  figure drainSeconds "$(since "$begun")"
  drill_end drain; local rc=$?
  $KUBECTL uncordon "$node" > /dev/null
  [ $drained = 0 ] || { fail "the drain of $node: $(grep -iE 'error|cannot' <<< "$said" | tail -1)"; return 1; }
  everything_ready || { fail "not everything came back"; return 1; }
  return $rc
}

step_broker-loss() {
  k get statefulset kafka > /dev/null 2>&1 || { skip "one broker only; run three-brokers before"; return 0; }
  drill_begin broker || return 1
  k delete pod kafka-1 --grace-period=0 --force > /dev/null 2>&1
  drill_end broker; local rc=$?
  ready statefulset/kafka || { fail "the broker does not come back"; return 1; }
  return $rc
}
