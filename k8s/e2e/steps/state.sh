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

# Back to the previous version and up again, as someone does who regrets an upgrade.
step_upgrade() {
  [ -n "$PREVIOUS" ] || { skip "PREVIOUS names no tag"; return 0; }
  local TOOLS current; TOOLS=$(image); current=${TOOLS##*:} # the previous version may know no drill
  drill_begin down || return 1
  to_version "$PREVIOUS" || { fail "the roles do not run as $PREVIOUS"; return 1; }
  drill_end down || return 1
  drill_begin up || return 1
  to_version "$current" || { fail "the roles do not run as $current"; return 1; }
  drill_end up
}
