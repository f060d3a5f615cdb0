package dev.turnout.k8s;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The Helm chart, rendered in this process. */
final class HelmChart {

  /** Module's folder, where tests run. */
  static final Path MODULE = Path.of("").toAbsolutePath();

  static final Path FOLDER = MODULE.resolve("chart/turnout");
  static final Path OVERLAYS = MODULE.resolve("overlays");

  /** Overlays that are rendered from the chart. */
  static final List<String> NAMES = List.of("local", "production-cpu", "production-gpu");

  private static final String RELEASE = "turnout";
  private static final String KUBERNETES = "1.30.0";
  private static final String SOURCE = "# Source: turnout/templates/";

  /** Rendering takes a second. */
  private static final Map<String, Map<String, String>> RENDERED = new ConcurrentHashMap<>();

  private HelmChart() {}

  /**
   * Renders the chart with an overlay's values.
   *
   * @return text by the template it comes from, e.g. {@code router.yaml}
   */
  static Map<String, String> overlay(String name) {
    return new TreeMap<>(
        RENDERED.computeIfAbsent(
            name, overlay -> byTemplate(render(OVERLAYS.resolve(overlay).resolve("values.yaml")))));
  }

  /** Renders the chart with values as YAML on top of an overlay's. */
  static String withValues(String overlay, String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return render(OVERLAYS.resolve(overlay).resolve("values.yaml"), file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String render(Path... values) {
    var template =
        new Helm(FOLDER)
            .template()
            .withName(RELEASE)
            .withNamespace(RELEASE)
            .withKubeVersion(KUBERNETES);
    for (Path file : values) {
      template = template.withValuesFile(file);
    }
    return template.call();
  }

  static LintResult lint() {
    return new Helm(FOLDER).lint().strict().call();
  }

  private static Map<String, String> byTemplate(String rendered) {
    Map<String, StringBuilder> files = new TreeMap<>();
    for (String document : rendered.split("(?m)^---\n")) {
      if (!document.startsWith(SOURCE)) {
        continue;
      }
      int end = document.indexOf('\n');
      String text = document.substring(end + 1).strip();
      if (!text.isEmpty()) {
        files
            .computeIfAbsent(document.substring(SOURCE.length(), end), name -> new StringBuilder())
            .append("---\n")
            .append(text.lines().map(String::stripTrailing).collect(Collectors.joining("\n")))
            .append('\n');
      }
    }
    Map<String, String> texts = new TreeMap<>();
    files.forEach((name, text) -> texts.put(name, text.toString()));
    return texts;
  }
}
