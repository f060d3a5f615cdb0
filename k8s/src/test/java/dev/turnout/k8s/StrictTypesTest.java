package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrictTypesTest {

  @Test
  void shouldReadEveryObjectAsItsType() throws IOException {
    for (String overlay : HelmChart.NAMES) {
      String namespace = Files.readString(HelmChart.OVERLAYS.resolve(overlay + "/namespace.yaml"));
      assertThat(Manifest.read(overlay, namespace))
          .allSatisfy(object -> assertThat(StrictTypes.problem(object)).isEmpty());
    }
    List<String> problems =
        Manifest.all().stream().map(StrictTypes::problem).flatMap(Optional::stream).toList();
    assertThat(problems).isEmpty();
  }

  @Test
  void shouldFindAnUnknownFieldInEveryKind() {
    // given one object of each kind
    Map<String, Manifest> kinds = new LinkedHashMap<>();
    Manifest.all().forEach(object -> kinds.putIfAbsent(object.kind(), object));

    for (Manifest object : kinds.values()) {
      Manifest broken = object.copy();
      // when
      if (broken.tree().get("spec") instanceof ObjectNode spec) {
        spec.put("replicaz", 1);
      } else {
        broken.tree().put("dataa", 1);
      }

      // then
      assertThat(StrictTypes.problem(broken)).as(object.title()).isPresent();
    }
  }

  @Test
  void shouldFindATypoDeepInAPod() {
    // given
    Manifest broken =
        Manifest.ofOverlay("local").stream()
            .filter(object -> object.kind().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .copy();

    // when
    ((ObjectNode) broken.containers().get(0)).put("imagePulPolicy", "Never");

    // then
    assertThat(StrictTypes.problem(broken)).get().asString().contains("imagePulPolicy");
  }
}
