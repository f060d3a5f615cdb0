package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkPathsTest {

  private static final String PUBLIC = "0.0.0.0/0";

  static List<String> overlays() {
    return HelmChart.NAMES;
  }

  private static List<Manifest> pods(List<Manifest> objects) {
    return objects.stream().filter(object -> object.podTemplate().isPresent()).toList();
  }

  private static Manifest pod(List<Manifest> objects, String name) {
    return pods(objects).stream()
        .filter(object -> object.name().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldDenyEverythingUnlessItIsAllowed(String overlay) {
    List<Manifest> objects = Manifest.ofOverlay(overlay);
    NetworkPaths paths = new NetworkPaths(objects);
    assertThat(pods(objects)).allMatch(paths::isIsolated);
  }

  @Test
  void shouldAllowExactlyThePathsThatTheTryOutNeeds() {
    // given
    List<Manifest> objects = Manifest.ofOverlay("local");
    NetworkPaths paths = new NetworkPaths(objects);
    Set<String> wanted = new TreeSet<>();
    for (String client :
        List.of(
            "turnout-router",
            "turnout-learner",
            "turnout-gateway",
            "turnout-worker-swift",
            "turnout-worker-sage",
            "turnout-grader-implicit",
            "turnout-topics",
            "turnout-apply")) {
      wanted.add(client + " > turnout-kafka:9092");
      wanted.add(client + " > turnout-registry:8081");
    }
    // about transactions, at its advertised address: what is exactly once waits for it
    wanted.add("turnout-kafka > turnout-kafka:9092");
    wanted.add("turnout-worker-swift > turnout-simulated-llm:8000");
    wanted.add("turnout-worker-sage > turnout-simulated-llm:8000");

    // when every pod tries every port of every other
    Set<String> open = new TreeSet<>();
    for (Manifest from : pods(objects)) {
      for (Manifest to : pods(objects)) {
        for (int port : ports(to)) {
          if (paths.allow(from, to, port)) {
            open.add(name(from) + " > " + name(to) + ":" + port);
          }
        }
      }
    }

    // then
    assertThat(open).isEqualTo(wanted);
    assertThat(pods(objects)).noneMatch(from -> paths.allowOut(from, PUBLIC, 443));
  }

  private static String name(Manifest object) {
    return object.kind().equals("Job")
        ? object.name().replaceFirst("-[0-9a-f]{8}$", "")
        : object.name();
  }

  private static List<Integer> ports(Manifest object) {
    List<Integer> ports = new ArrayList<>();
    object
        .containers()
        .forEach(
            container ->
                container
                    .path("ports")
                    .forEach(port -> ports.add(port.path("containerPort").asInt())));
    return ports;
  }

  @Test
  void shouldLetOutOnlyWhoAsksLlmsElsewhere() {
    // given
    List<Manifest> objects = Manifest.ofOverlay("production-gpu");
    NetworkPaths paths = new NetworkPaths(objects);

    // then
    Set<String> out = new TreeSet<>();
    for (Manifest from : pods(objects)) {
      if (paths.allowOut(from, PUBLIC, 443)) {
        out.add(from.name());
      }
    }
    assertThat(out).containsExactly("turnout-vllm-mistral-small", "turnout-worker-gpt-5");

    // and a worker reaches the vLLM of its own LLM alone
    Manifest vllm = pod(objects, "turnout-vllm-mistral-small");
    assertThat(paths.allow(pod(objects, "turnout-worker-mistral-small"), vllm, 8000)).isTrue();
    assertThat(paths.allow(pod(objects, "turnout-worker-gpt-5"), vllm, 8000)).isFalse();
    assertThat(paths.allow(pod(objects, "turnout-router"), vllm, 8000)).isFalse();
  }
}
