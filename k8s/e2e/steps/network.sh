# The network policies, by what they let through and what they stop.

# succeeds NAME LABELS ARGS...: whether a pod of these labels can do that
succeeds() {
  tool "$@"; eventually 150 ended "$1" || { say "$1 does not end"; return 2; }
  local c; c=$(code "$1"); say "$1 ended with $c: $(k logs "$1" --tail=1 2> /dev/null | cut -c1-200)"
  k delete pod "$1" --wait=false > /dev/null; [ "$c" = 0 ]
}
labels() { echo "{\"app.kubernetes.io/name\": \"turnout\", \"app.kubernetes.io/instance\": \"turnout\", \"app.kubernetes.io/part-of\": \"turnout\", \"app.kubernetes.io/component\": \"$1\"${2:-}}"; }

step_network-policy() {
  local kafka=(topics --create --config /etc/turnout/turnout.yaml)
  local llm=(worker --set worker.url=http://turnout-simulated-llm:8000/v1 check)
  succeeds operator-kafka "$OPERATOR" "${kafka[@]}" || { fail "an operator's pod is kept from Kafka"; return 1; }
  succeeds worker-llm "$(labels worker ', "turnout.dev/llm": "swift"')" "${llm[@]}" || { fail "a worker is kept from its LLM"; return 1; }
  local key; key=$(k get secret turnout-key -o jsonpath='{.data.key}' | base64 -d)
  succeeds stranger-gateway "$STRANGER" worker --set worker.url=http://turnout-gateway/v1 --set "worker.api-key=$key" check \
    || { fail "a pod with a key is kept from the gateway"; return 1; }
  answered || { fail "the gateway does not answer"; return 1; }
  figure allowed '["operator to Kafka and registry","worker to its LLM","any pod to the gateway"]'
  local through=()
  succeeds stranger-kafka "$STRANGER" "${kafka[@]}" && through+=(stranger-kafka)
  succeeds stranger-llm "$STRANGER" "${llm[@]}" && through+=(stranger-llm)
  succeeds router-llm "$(labels router)" "${llm[@]}" && through+=(router-llm)
  succeeds llm-kafka "$(labels simulated)" "${kafka[@]}" && through+=(llm-kafka)
  figure denied '["stranger to Kafka","stranger to an LLM","router to an LLM","another component to Kafka"]'
  [ ${#through[@]} = 0 ] || { fail "let through: ${through[*]}"; return 1; }
}
