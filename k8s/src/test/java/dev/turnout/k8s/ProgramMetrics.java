package dev.turnout.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics of the program, as Prometheus calls them: every literal {@code "turnout.…"} of
 * sources that deal with meters, with the suffixes that its kind of meter gets. Which kind it is,
 * is read where the meter is built; where a name comes by a variable, any kind will do.
 */
final class ProgramMetrics {

  private static final Pattern NAME = Pattern.compile("\"(turnout(?:\\.[a-z0-9]+)+\\.?)\"");
  private static final Pattern BUILT =
      Pattern.compile(
          "(Gauge|MultiGauge|TimeGauge|Counter|FunctionCounter|Timer|DistributionSummary)"
              + "\\s*\\.builder\\(\\s*\"(turnout[a-z0-9.]+)\"");
  private static final Pattern ASKED =
      Pattern.compile("\\.(counter|timer|summary|gauge)\\(\\s*\"(turnout[a-z0-9.]+)\"");

  private static final Set<String> COUNTER = Set.of("_total");
  private static final Set<String> GAUGE = Set.of("");
  private static final Set<String> TIMER =
      Set.of("_seconds_count", "_seconds_sum", "_seconds_max", "_seconds_bucket", "_seconds");
  private static final Set<String> SUMMARY = Set.of("_count", "_sum", "_max", "_bucket", "");

  private static final Map<String, Set<String>> SUFFIXES =
      Map.of(
          "gauge", GAUGE,
          "multigauge", GAUGE,
          "timegauge", Set.of("_seconds"),
          "counter", COUNTER,
          "functioncounter", COUNTER,
          "timer", TIMER,
          "distributionsummary", SUMMARY,
          "summary", SUMMARY);

  private static final List<String> MODULES =
      List.of("schemas", "router-model", "topology", "connectors", "app");

  private final Map<String, Set<String>> suffixes = new TreeMap<>();
  private final Set<String> anyKind = new TreeSet<>();
  private final Set<String> beginnings = new TreeSet<>();

  private ProgramMetrics() {}

  /** Reads the sources of what serves. */
  static ProgramMetrics read() {
    ProgramMetrics metrics = new ProgramMetrics();
    for (String module : MODULES) {
      Path sources = HelmChart.MODULE.resolveSibling(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          metrics.add(Files.readString(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return metrics;
  }

  private void add(String source) {
    if (!source.contains("io.micrometer")) {
      return;
    }
    Matcher names = NAME.matcher(source);
    while (names.find()) {
      String name = names.group(1).replace('.', '_');
      (name.endsWith("_") ? beginnings : anyKind).add(name);
    }
    for (Pattern pattern : List.of(BUILT, ASKED)) {
      Matcher kinds = pattern.matcher(source);
      while (kinds.find()) {
        suffixes
            .computeIfAbsent(kinds.group(2).replace('.', '_'), name -> new TreeSet<>())
            .addAll(SUFFIXES.get(kinds.group(1).toLowerCase(java.util.Locale.ROOT)));
      }
    }
  }

  /** Whether the program has a series of that name. */
  boolean has(String series) {
    Set<String> all = new TreeSet<>();
    SUFFIXES.values().forEach(all::addAll);
    for (String name : anyKind) {
      for (String suffix : suffixes.getOrDefault(name, all)) {
        if (series.equals(name + suffix)) {
          return true;
        }
      }
    }
    return beginnings.stream().anyMatch(series::startsWith);
  }

  /** How many meters there are. */
  int size() {
    return anyKind.size();
  }
}
