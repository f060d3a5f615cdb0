package dev.turnout.console.now;

import dev.turnout.console.page.Chart;
import dev.turnout.console.page.Tint;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import j2html.tags.DomContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Decisions an LLM got in each step of the window; the step that is under way is left out, since it
 * would always look like a fall.
 */
record PaceChart(TrafficReport report, Instant at) {
  private static final int MOST_LINES = 8;

  DomContent element() {
    Duration step = report.window().step();
    List<Double> times = new ArrayList<>();
    List<Instant> starts = new ArrayList<>();
    Instant start = report.from();
    while (!start.plus(step).isAfter(at)) {
      starts.add(start);
      times.add((double) start.getEpochSecond());
      start = start.plus(step);
    }
    List<String> names =
        report.byLlm().entrySet().stream()
            .filter(entry -> entry.getValue().get(Measure.DECISIONS) > 0)
            .sorted(Comparator.comparingDouble(entry -> -entry.getValue().get(Measure.DECISIONS)))
            .limit(MOST_LINES)
            .map(Map.Entry::getKey)
            .toList();
    List<Chart.Line> lines =
        names.stream()
            .map(
                name ->
                    new Chart.Line(
                        name,
                        Tint.index(name),
                        starts.stream().map(each -> decisions(each, name)).toList()))
            .toList();
    return new Chart(
            "By LLM, each " + words(step) + ", to the last whole one", true, times, lines, "")
        .element();
  }

  private double decisions(Instant start, String name) {
    TrafficTally tally = report.steps().getOrDefault(start, Map.of()).get(name);
    return tally == null ? 0 : tally.get(Measure.DECISIONS);
  }

  private static String words(Duration step) {
    return step.toHours() > 0
        ? step.toHours() + " hours"
        : step.toMinutes() == 1 ? "minute" : step.toMinutes() + " minutes";
  }
}
