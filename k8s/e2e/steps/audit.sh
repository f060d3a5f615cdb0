# What the API server wrote down about the pods that were asked for.

# Needs the API server's audit log on this machine, at level Metadata or above for the namespace.
step_pod-security() {
  [ -n "$AUDIT_LOG" ] || { skip "AUDIT_LOG names no file"; return 0; }
  local found; found=$(python3 - "$AUDIT_LOG" "$NAMESPACE" <<'PYTHON'
import json, sys
pods, violations, refused = 0, [], []
for line in open(sys.argv[1]):
    event = json.loads(line)
    about = event.get("objectRef", {})
    if about.get("namespace") != sys.argv[2] or event["verb"] not in ("create", "update", "patch"):
        continue
    status = event.get("responseStatus", {})
    if about.get("resource") == "pods" and event["verb"] == "create" and status.get("code") == 201:
        pods += 1
    violations += [value for name, value in event.get("annotations", {}).items()
                   if name == "pod-security.kubernetes.io/audit-violations"]
    if status.get("code") == 403 and "violates PodSecurity" in status.get("message", ""):
        refused.append(status.get("message", ""))
print(json.dumps({"podsAdmitted": pods, "violations": violations[:5], "refused": refused[:5]}))
PYTHON
  ) || { fail "$AUDIT_LOG cannot be read"; return 1; }
  figure audit "$found"
  [[ $found =~ '"violations": []' && $found =~ '"refused": []' ]] || { fail "not all pods are as Pod Security wants them"; return 1; }
  [[ ! $found =~ '"podsAdmitted": 0,' ]] || { fail "$AUDIT_LOG knows of no pod"; return 1; }
}
