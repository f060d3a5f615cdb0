package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodSecurityTest {

  private static List<Manifest> pods() {
    return Manifest.all().stream().filter(object -> object.podTemplate().isPresent()).toList();
  }

  @Test
  void shouldBeRestricted() {
    assertThat(pods())
        .isNotEmpty()
        .allSatisfy(
            object -> assertThat(PodSecurity.problems(object)).as(object.title()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void shouldFindABreach(String what, Consumer<Manifest> breach) {
    // given
    Manifest broken = pods().get(0).copy();

    // when
    breach.accept(broken);

    // then
    assertThat(PodSecurity.problems(broken)).anySatisfy(found -> assertThat(found).contains(what));
  }

  static Stream<Arguments> breaches() {
    return Stream.of(
        breach("hostNetwork", (pod, container) -> pod.put("hostNetwork", true)),
        breach("runAsNonRoot", (pod, container) -> pod.remove("securityContext")),
        breach(
            "hostPath",
            (pod, container) ->
                pod.withArray("volumes").addObject().put("name", "x").putObject("hostPath")),
        breach("enableServiceLinks", (pod, container) -> pod.remove("enableServiceLinks")),
        breach(
            "automountServiceAccountToken",
            (pod, container) -> pod.remove("automountServiceAccountToken")),
        breach(
            "capabilities",
            (pod, container) ->
                container.withObject("/securityContext/capabilities").putArray("add").add("CHOWN")),
        breach("privileged", (pod, container) -> security(container).put("privileged", true)),
        breach(
            "readOnlyRootFilesystem",
            (pod, container) -> security(container).remove("readOnlyRootFilesystem")),
        breach(
            "allowPrivilegeEscalation",
            (pod, container) -> security(container).remove("allowPrivilegeEscalation")),
        breach(
            "memory",
            (pod, container) -> container.withObject("/resources/limits").put("memory", "9Gi")));
  }

  private interface Breach {
    void of(ObjectNode pod, ObjectNode container);
  }

  private static Arguments breach(String what, Breach breach) {
    Consumer<Manifest> applied =
        object ->
            breach.of(
                (ObjectNode) object.podTemplate().orElseThrow().path("spec"),
                (ObjectNode) object.containers().get(0));
    return Arguments.of(what, applied);
  }

  private static ObjectNode security(ObjectNode container) {
    return container.withObject("/securityContext");
  }
}
