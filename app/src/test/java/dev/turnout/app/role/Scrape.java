package dev.turnout.app.role;

import dev.turnout.access.Role;
import dev.turnout.telemetry.MetricCatalogue;
import dev.turnout.telemetry.MetricSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a role's {@code /metrics} says, against the catalogue. */
final class Scrape {
  private static final Pattern TYPE = Pattern.compile("# TYPE (turnout_\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("(turnout_[a-z0-9_]+)\\{(.*)} .*");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  private Scrape() {}

  /**
   * What is wrong, one thing a line: metrics, types and labels that the catalogue does not have.
   */
  static List<String> problems(Role role, String text) {
    List<String> problems = new ArrayList<>();
    List<MetricSpec> known = MetricCatalogue.of(role);
    Set<String> series = new HashSet<>();
    known.forEach(metric -> series.addAll(metric.series()));
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        String name = type.group(1);
        boolean declared =
            known.stream()
                .anyMatch(
                    metric ->
                        metric.name().equals(name) && metric.type().word().equals(type.group(2)));
        // of a histogram or summary, its largest value is a gauge of its own
        if (!declared && !(name.endsWith("_max") && series.contains(name))) {
          problems.add(role + " exposes what is not declared: " + line);
        }
      }
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        for (MetricSpec metric : known) {
          if (metric.series().contains(sample.group(1))) {
            Set<String> labels = labels(sample.group(2));
            labels.remove("le");
            if (!labels.equals(Set.copyOf(metric.labels()))) {
              problems.add(role + " has other labels than " + metric.labels() + ": " + line);
            }
          }
        }
      }
    }
    return problems;
  }

  private static Set<String> labels(String text) {
    Set<String> labels = new HashSet<>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      labels.add(label.group(1));
    }
    return labels;
  }
}
