package dev.turnout.lab.bench.worker;

import dev.turnout.lab.bench.worker.WorkerMeasurement.Case;
import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;

/** Draws what {@code bench worker} found. */
final class WorkerChart {
  private WorkerChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(WorkerMeasurement measurement, Path file) throws IOException {
    CategoryChart chart =
        Svg.rates("Requests a second, %d in flight".formatted(measurement.concurrency()), 1);
    List<String> names = measurement.deliveries().stream().map(Case::delivery).toList();
    chart.addSeries(
        "ideal", names, measurement.deliveries().stream().map(Case::idealPerSecond).toList());
    chart.addSeries(
        "measured", names, measurement.deliveries().stream().map(Case::requestsPerSecond).toList());
    Svg.write(chart, file);
  }
}
