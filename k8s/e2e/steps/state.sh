# What is kept: the learner's volume, and everything over an upgrade and back.

step_learner-volume() {
  k get statefulset turnout-learner -o jsonpath='{.spec.volumeClaimTemplates[*].metadata.name}' | grep -q . || { skip "this overlay gives the learner no volume"; return 0; }
  local claim=state-turnout-learner-0 before after
  before=$(k get pvc $claim -o jsonpath='{.spec.volumeName}')
  local begun; begun=$(now)
  k delete pod turnout-learner-0 --wait > /dev/null && ready statefulset/turnout-learner || { fail "the learner does not come back"; return 1; }
  figure backSeconds "$(since "$begun")"
  after=$(k get pvc $claim -o jsonpath='{.spec.volumeName}')
  [ -n "$before" ] && [ "$before" = "$after" ] || { fail "the learner came back with volume $after instead of $before"; return 1; }
}

roles() { k get deployments,statefulsets -o name | grep -E 'router|gateway|worker|grader|learner'; }
to_version() {
  local each container
  for each in $(roles); do
    container=$(k get "$each" -o jsonpath='{.spec.template.spec.containers[0].image}')
    k set image "$each" turnout="${container%:*}:$1" > /dev/null || return 1
  done
  for each in $(roles); do ready "$each" || return 1; done
}

# What was learnt, as one JSON object: the versions of the models topic, and the samples in the
# learner's window.
window() { $ON_NODE curl -s -m 10 http://127.0.0.1:18081/metrics | sed -n 's/^turnout_learner_window //p' | head -1; }
samples() { forwarded 18081 pod/turnout-learner-0:9464 window; }
samples_of() { [ "$(printf '%.0f' "$(samples)")" -ge "$1" ]; }
learnt() {
  local samples models
  samples=$(samples)
  tool learnt "$OPERATOR" models list --json --config /etc/turnout/turnout.yaml
  eventually 180 ended learnt && [ "$(code learnt)" = 0 ] || return 1
  models=$(k logs learnt | grep '^{' | tail -1)
  k delete pod learnt --wait=false > /dev/null
  SAMPLES=$samples python3 -c '
import json, os, sys
print(json.dumps({"versions": sorted(m["version"] for m in json.load(sys.stdin)["models"]),
                  "samples": float(os.environ["SAMPLES"])}))' <<< "$models"
}
kept() { # kept BEFORE AFTER
  python3 -c '
import json, sys
before, after = map(json.loads, sys.argv[1:])
sys.exit(not (set(before["versions"]) <= set(after["versions"]) and 0 < before["samples"] <= after["samples"]))' "$1" "$2"
}

# Back to the previous version and up again, as someone does who regrets an upgrade.
step_upgrade() {
  [ -n "$PREVIOUS" ] || { skip "PREVIOUS names no tag"; return 0; }
  local TOOLS current before after; TOOLS=$(image); current=${TOOLS##*:} # the previous version may know no drill
  forwarded 18080 service/turnout-gateway:80 rate 20 || { fail "answers cannot be rated"; return 1; }
  eventually 120 samples_of 20 || { fail "the learner has $(samples) samples of 20 rated answers"; return 1; }
  before=$(learnt) || { fail "what was learnt cannot be read"; return 1; }
  figure learntBefore "$before"
  drill_begin down || return 1
  to_version "$PREVIOUS" || { fail "the roles do not run as $PREVIOUS"; return 1; }
  drill_end down || return 1
  drill_begin up || return 1
  to_version "$current" || { fail "the roles do not run as $current"; return 1; }
  drill_end up || return 1
  after=$(learnt) || { fail "what was learnt cannot be read after the upgrade"; return 1; }
  figure learntAfter "$after"
  kept "$before" "$after" || { fail "what was learnt is not all there after the upgrade"; return 1; }
}
