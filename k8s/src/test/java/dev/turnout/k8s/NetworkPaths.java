package dev.turnout.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What network policies let through, between pods of one overlay and on their ports: a connection
 * passes if a policy lets it out and another lets it in, as Kubernetes says.
 */
record NetworkPaths(List<Manifest> objects) {

  /** Whether pods of one object may open a connection to those of another. */
  boolean allow(Manifest from, Manifest to, int port) {
    return passes("Egress", "egress", "to", from, to, port)
        && passes("Ingress", "ingress", "from", to, from, port);
  }

  /** Whether pods may open a connection to an address outside. */
  boolean allowOut(Manifest from, String cidr, int port) {
    return of(from, "Egress")
        .anyMatch(
            policy ->
                any(
                    policy.spec().path("egress"),
                    rule ->
                        hasPort(rule, port)
                            && any(
                                rule.path("to"),
                                peer -> peer.path("ipBlock").path("cidr").asText().equals(cidr))));
  }

  private boolean passes(
      String type, String rules, String peers, Manifest pod, Manifest peer, int port) {
    return of(pod, type)
        .anyMatch(
            policy ->
                any(
                    policy.spec().path(rules),
                    rule -> hasPort(rule, port) && any(rule.path(peers), one -> is(one, peer))));
  }

  /** Whether anything at all is denied to pods of an object. */
  boolean isIsolated(Manifest pod) {
    return of(pod, "Ingress").findAny().isPresent() && of(pod, "Egress").findAny().isPresent();
  }

  private java.util.stream.Stream<Manifest> of(Manifest pod, String type) {
    return objects.stream()
        .filter(object -> object.kind().equals("NetworkPolicy"))
        .filter(
            policy -> any(policy.spec().path("policyTypes"), each -> each.asText().equals(type)))
        .filter(policy -> selects(policy.spec().path("podSelector"), labels(pod)));
  }

  private static boolean is(JsonNode peer, Manifest pod) {
    if (peer.has("ipBlock")) {
      return false;
    }
    // an empty selector of namespaces is every one, a missing one its own
    boolean here = !peer.has("namespaceSelector") || peer.path("namespaceSelector").isEmpty();
    return here && selects(peer.path("podSelector"), labels(pod));
  }

  private static Map<String, String> labels(Manifest pod) {
    return Manifest.texts(pod.podTemplate().orElseThrow().path("metadata").path("labels"));
  }

  private static boolean selects(JsonNode selector, Map<String, String> labels) {
    for (JsonNode expression : selector.path("matchExpressions")) {
      String value = labels.getOrDefault(expression.path("key").asText(), "");
      if (!any(expression.path("values"), each -> each.asText().equals(value))) {
        return false;
      }
    }
    return labels.entrySet().containsAll(Manifest.texts(selector.path("matchLabels")).entrySet());
  }

  private static boolean hasPort(JsonNode rule, int port) {
    return any(rule.path("ports"), each -> each.path("port").asInt() == port);
  }

  private static boolean any(JsonNode list, java.util.function.Predicate<JsonNode> fits) {
    for (JsonNode each : list) {
      if (fits.test(each)) {
        return true;
      }
    }
    return false;
  }
}
