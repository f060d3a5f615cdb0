# From kubectl apply to the first answer, and the larger overlay.

step_first-answer() {
  local begun; begun=$(now)
  $KUBECTL apply -k "$here/../overlays/local" > /dev/null || { fail "kubectl apply"; return 1; }
  eventually 300 answered || { k get pods >&2; fail "no answer through the gateway within 300 s: $(ask 2>&1 | tail -2)"; return 1; }
  local took; took=$(since "$begun")
  figure firstAnswerSeconds "$took"
  everything_ready || { fail "not everything is ready"; return 1; }
  local role; for role in router gateway worker learner grader; do figure "${role}StartToReadySeconds" "$(start_to_ready $role)"; done
  [ "${took%.*}" -lt 90 ] || { fail "the first answer took $took s, more than 90"; return 1; }
}

step_three-brokers() {
  local begun; begun=$(now)
  $KUBECTL apply -k "$here/three" > /dev/null || { fail "kubectl apply"; return 1; }
  eventually 420 answered || { k get pods >&2; fail "no answer through the gateway within 420 s"; return 1; }
  figure firstAnswerSeconds "$(since "$begun")"
  everything_ready || { fail "not everything is ready"; return 1; }
  TIME=20 drill_begin quiet && TIME=20 drill_end quiet
}

# Nothing may be left in the namespace, nor anything of ours outside of it.
step_uninstall() {
  local overlay=three; k get statefulset kafka > /dev/null 2>&1 || overlay=../overlays/local
  $KUBECTL delete -k "$here/$overlay" --ignore-not-found --wait --timeout=180s > /dev/null || { fail "kubectl delete"; return 1; }
  eventually 120 bash -c "! $KUBECTL get namespace $NAMESPACE" || { fail "namespace $NAMESPACE is still there"; return 1; }
  local left; left=$($KUBECTL get all,pv,clusterrole,clusterrolebinding -A -l app.kubernetes.io/name=turnout -o name 2> /dev/null | wc -l)
  figure left "$left"
  [ "$left" = 0 ] || { fail "$left objects are left"; return 1; }
}
