package dev.turnout.console.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chart that the browser draws. Whoever shows it puts the same figures into a table too, for
 * those who do not see it.
 *
 * @param caption what it shows
 * @param time whether x is in seconds of the epoch
 * @param x ascending
 * @param lines of as many values as x; NaN leaves a gap
 * @param unit put behind every value, e.g. {@code " %"}
 */
public record Chart(String caption, boolean time, List<Double> x, List<Line> lines, String unit) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One line.
   *
   * @param tint number of its colour
   * @param bound one of the two lines that an interval lies between, which is shaded
   */
  public record Line(String label, int tint, boolean bound, List<Double> y) {
    /** A line of its own. */
    public Line(String label, int tint, List<Double> y) {
      this(label, tint, false, y);
    }

    /** Freezes the values. */
    public Line {
      y = List.copyOf(y);
    }
  }

  /** Freezes the lists. */
  public Chart {
    x = List.copyOf(x);
    lines = List.copyOf(lines);
  }

  /** Its element. */
  public DomContent element() {
    return figure(
            figcaption(caption),
            div().withClass("plot").attr("role", "img").attr("aria-label", caption))
        .withClass("chart")
        .attr("data-chart", json());
  }

  private String json() {
    Map<String, Object> chart = new LinkedHashMap<>();
    chart.put("time", time);
    chart.put("unit", unit);
    chart.put("x", x);
    chart.put(
        "series",
        lines.stream()
            .map(
                line ->
                    Map.of(
                        "label",
                        line.label(),
                        "tint",
                        line.tint(),
                        "bound",
                        line.bound(),
                        "y",
                        gaps(line.y())))
            .toList());
    try {
      return JSON.writeValueAsString(chart);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<@Nullable Double> gaps(List<Double> values) {
    List<@Nullable Double> gaps = new ArrayList<>();
    values.forEach(value -> gaps.add(Double.isFinite(value) ? value : null));
    return gaps;
  }
}
