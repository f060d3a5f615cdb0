package dev.turnout.lab.bench.route;

import dev.turnout.lab.bench.route.RouteMeasurement.Case;
import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;

/** Draws what {@code bench route} found as bars on a logarithmic axis. */
final class RouteChart {
  private RouteChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(RouteMeasurement measurement, Path file) throws IOException {
    CategoryChart chart =
        Svg.rates("Queries a second, %d processors".formatted(measurement.processors()), 10);
    chart.getStyler().setAvailableSpaceFill(0.8);
    add(chart, measurement, "pass-through", Case::passThroughPerSecond);
    add(chart, measurement, "encoder alone", Case::encodedPerSecond);
    add(
        chart,
        measurement,
        "both in a row",
        c -> 1 / (1 / c.passThroughPerSecond() + 1 / c.encodedPerSecond()));
    add(chart, measurement, "routed", Case::routedPerSecond);
    Svg.write(chart, file);
  }

  private static void add(
      CategoryChart chart,
      RouteMeasurement measurement,
      String name,
      ToDoubleFunction<Case> value) {
    List<String> labels = measurement.cases().stream().map(Case::label).toList();
    chart.addSeries(
        name,
        labels,
        measurement.cases().stream()
            .map(c -> (double) Math.round(value.applyAsDouble(c)))
            .toList());
  }
}
