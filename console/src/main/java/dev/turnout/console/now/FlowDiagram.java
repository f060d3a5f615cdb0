package dev.turnout.console.now;

import static dev.turnout.console.page.Tables.scrolling;
import static j2html.TagCreator.p;

import dev.turnout.console.page.Bar.Svg;
import dev.turnout.console.page.Tint;
import dev.turnout.console.page.Words;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficTally;
import dev.turnout.topic.BoundedText;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Streams from the queries to the LLMs, as wide as their shares: of the last seconds, or where
 * nothing flows now, of the window.
 */
record FlowDiagram(Map<String, Double> perSecond, Map<String, TrafficTally> window) {
  private static final int MOST = 10;
  private static final int WIDTH = 560;
  private static final int ROW = 36;
  private static final int LEFT = 96;
  private static final int RIGHT = 340;
  private static final double THICKEST = 30;
  private static final int LONGEST_NAME = 30;

  DomContent element() {
    boolean flowing = !perSecond.isEmpty();
    Map<String, Double> amounts = new TreeMap<>(perSecond);
    if (!flowing) {
      window.forEach((llm, tally) -> amounts.put(llm, tally.get(Measure.DECISIONS)));
      amounts.values().removeIf(amount -> amount == 0);
    }
    if (amounts.isEmpty()) {
      return p("Nothing was decided in this window.").withClass("muted");
    }
    double sum = amounts.values().stream().mapToDouble(Double::doubleValue).sum();
    List<Map.Entry<String, Double>> rows =
        amounts.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .limit(MOST)
            .toList();
    int height = rows.size() * ROW + 10;
    Svg svg =
        new Svg("svg")
            .attr("viewBox", "0 0 " + WIDTH + " " + height)
            .attr("class", "flow")
            .attr("role", "img")
            .attr("aria-label", description(rows, sum));
    double start = height / 2.0 - total(rows, sum) / 2;
    for (int i = 0; i < rows.size(); i++) {
      double thickness = thickness(rows.get(i).getValue() / sum);
      svg.with(
          stream(rows.get(i).getKey(), start + thickness / 2, 5 + i * ROW + ROW / 2.0, thickness));
      start += thickness;
    }
    svg.with(label(0, height / 2.0 - 4, "queries", ""));
    svg.with(
        label(
            0,
            height / 2.0 + 14,
            flowing ? Words.number(sum, 1) + " / s" : Words.count((long) sum) + " in all",
            "soft"));
    for (int i = 0; i < rows.size(); i++) {
      svg.with(names(rows.get(i), sum, 5 + i * ROW + ROW / 2.0, flowing));
    }
    return scrolling("Queries to LLMs", svg);
  }

  private static double thickness(double share) {
    return Math.max(1.5, share * THICKEST);
  }

  private static double total(List<Map.Entry<String, Double>> rows, double sum) {
    return rows.stream().mapToDouble(row -> thickness(row.getValue() / sum)).sum();
  }

  private static String description(List<Map.Entry<String, Double>> rows, double sum) {
    StringBuilder words = new StringBuilder("Shares of the queries: ");
    rows.forEach(
        row ->
            words
                .append(row.getKey())
                .append(' ')
                .append(Words.percent(row.getValue() / sum))
                .append("; "));
    return words.toString();
  }

  private static Svg stream(String llm, double from, double to, double thickness) {
    double bend = (LEFT + RIGHT) / 2.0;
    return new Svg("path")
        .attr("class", Tint.of(llm))
        .attr("stroke-width", decimal(thickness))
        .attr(
            "d",
            "M%d %s C%s %s %s %s %d %s"
                .formatted(
                    LEFT,
                    decimal(from),
                    decimal(bend),
                    decimal(from),
                    decimal(bend),
                    decimal(to),
                    RIGHT,
                    decimal(to)));
  }

  private static List<Svg> names(
      Map.Entry<String, Double> row, double sum, double y, boolean flowing) {
    String amount =
        flowing
            ? Words.number(row.getValue(), 1) + " / s"
            : Words.count(row.getValue().longValue());
    List<Svg> parts = new ArrayList<>();
    parts.add(
        new Svg("circle")
            .attr("class", "node " + Tint.of(row.getKey()))
            .attr("cx", Integer.toString(RIGHT + 6))
            .attr("cy", decimal(y))
            .attr("r", "4"));
    parts.add(label(RIGHT + 18, y - 2, BoundedText.cut(row.getKey(), LONGEST_NAME), ""));
    parts.add(
        label(RIGHT + 18, y + 14, Words.percent(row.getValue() / sum) + " · " + amount, "soft"));
    return parts;
  }

  private static Svg label(double x, double y, String text, String kind) {
    return new Svg("text")
        .attr("x", decimal(x))
        .attr("y", decimal(y))
        .attr("class", kind)
        .withText(text);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
