package dev.turnout.lab.bench.encode;

import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.nio.file.Path;
import org.knowm.xchart.CategoryChart;

/** Draws what {@code bench encode} found as bars on a logarithmic axis. */
final class EncodeChart {
  private EncodeChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(EncodeMeasurement measurement, Path file) throws IOException {
    CategoryChart chart =
        Svg.rates(
            "Queries a second, %d queries of %.0f tokens, %d processors"
                .formatted(
                    measurement.queries(), measurement.meanTokens(), measurement.processors()),
            1);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(0.6);
    chart.getStyler().setXAxisLabelRotation(15);
    chart.addSeries(
        "queries/s",
        measurement.encoders().stream().map(Contender::name).toList(),
        measurement.encoders().stream()
            .map(contender -> (double) Math.round(contender.queriesPerSecond()))
            .toList());
    Svg.write(chart, file);
  }
}
