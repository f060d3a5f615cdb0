package dev.turnout.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the Pod Security Standard "restricted" asks of a pod, and what this project asks beyond it.
 * See kubernetes.io/docs/concepts/security/pod-security-standards.
 */
final class PodSecurity {

  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private static final List<String> HOSTS = List.of("hostNetwork", "hostPID", "hostIPC");

  private PodSecurity() {}

  /** What a pod does that it must not, if anything. */
  static List<String> problems(Manifest manifest) {
    List<String> problems = new ArrayList<>();
    JsonNode pod = manifest.podTemplate().orElseThrow().path("spec");
    for (String host : HOSTS) {
      if (pod.path(host).asBoolean(false)) {
        problems.add(host);
      }
    }
    JsonNode security = pod.path("securityContext");
    if (!security.path("runAsNonRoot").asBoolean(false)
        || security.path("runAsUser").asInt(0) == 0) {
      problems.add("securityContext.runAsNonRoot and runAsUser");
    }
    if (!security.path("seccompProfile").path("type").asText().equals("RuntimeDefault")) {
      problems.add("securityContext.seccompProfile");
    }
    for (JsonNode volume : pod.path("volumes")) {
      volume
          .fieldNames()
          .forEachRemaining(
              field -> {
                if (!field.equals("name") && !VOLUMES.contains(field)) {
                  problems.add("volume " + volume.path("name").asText() + ": " + field);
                }
              });
    }
    for (JsonNode container : manifest.containers()) {
      ofContainer(container, problems);
    }
    // beyond the standard
    if (pod.path("automountServiceAccountToken").asBoolean(true)) {
      problems.add("automountServiceAccountToken");
    }
    if (pod.path("enableServiceLinks").asBoolean(true)) {
      problems.add("enableServiceLinks: Services would set TURNOUT_ variables");
    }
    return problems;
  }

  private static void ofContainer(JsonNode container, List<String> problems) {
    String name = container.path("name").asText();
    JsonNode security = container.path("securityContext");
    if (security.path("privileged").asBoolean(false)) {
      problems.add(name + ": privileged");
    }
    if (security.path("allowPrivilegeEscalation").asBoolean(true)) {
      problems.add(name + ": allowPrivilegeEscalation");
    }
    if (!security.path("capabilities").path("drop").toString().equals("[\"ALL\"]")
        || security.path("capabilities").has("add")) {
      problems.add(name + ": capabilities");
    }
    for (JsonNode port : container.path("ports")) {
      if (port.has("hostPort")) {
        problems.add(name + ": hostPort");
      }
    }
    // beyond the standard
    if (!security.path("readOnlyRootFilesystem").asBoolean(false)) {
      problems.add(name + ": readOnlyRootFilesystem");
    }
    JsonNode resources = container.path("resources");
    String memory = resources.path("limits").path("memory").asText();
    if (memory.isEmpty() || !memory.equals(resources.path("requests").path("memory").asText())) {
      problems.add(name + ": memory requested and limited are not the same");
    }
    if (resources.path("requests").path("cpu").asText().isEmpty()) {
      problems.add(name + ": no CPU is requested");
    }
  }
}
