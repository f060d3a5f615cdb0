package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OverlaysTest {

  /** Write what should be there, rather than compare. */
  static final boolean WRITE = Boolean.getBoolean("k8s.write");

  static final String REMEDY =
      "write it anew: mvn test -pl k8s -am -Dk8s.write=true -Dtest='dev.turnout.k8s.*Test'"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  private static final String RENDERED = "rendered";

  static Stream<String> overlays() {
    return HelmChart.NAMES.stream();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldBeTheChartWithTheOverlaysValues(String overlay) throws IOException {
    // given
    Path folder = HelmChart.OVERLAYS.resolve(overlay).resolve(RENDERED);

    // when
    Map<String, String> rendered = HelmChart.overlay(overlay);
    rendered.put("kustomization.yaml", kustomization(rendered));
    if (WRITE) {
      write(folder, rendered);
    }

    // then
    assertThat(files(folder)).as(REMEDY).isEqualTo(rendered);
  }

  @Test
  void shouldPassHelmsLint() {
    var result = HelmChart.lint();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  private static String kustomization(Map<String, String> rendered) {
    StringBuilder text =
        new StringBuilder(
            """
            # Rendered from the chart and the values beside this folder; OverlaysTest says how.
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            """);
    rendered.keySet().forEach(file -> text.append("  - ").append(file).append('\n'));
    return text.toString();
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> found = Files.list(folder)) {
        for (Path file : found.toList()) {
          files.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  private static void write(Path folder, Map<String, String> rendered) throws IOException {
    for (String old : files(folder).keySet()) {
      Files.delete(folder.resolve(old));
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : rendered.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
