package dev.turnout.lab.bench.encode;

import dev.turnout.lab.bench.encode.EncodeMeasurement.Contender;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;

/** Draws what {@code bench encode} found as bars on a logarithmic axis. */
final class EncodeChart {
  private EncodeChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(EncodeMeasurement measurement, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(480)
            .title(
                "Queries a second, %d queries of %.0f tokens, %d processors"
                    .formatted(
                        measurement.queries(), measurement.meanTokens(), measurement.processors()))
            .xAxisTitle("")
            .yAxisTitle("queries/s (logarithmic)")
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setAvailableSpaceFill(0.6);
    chart.getStyler().setYAxisMin(1.0);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setXAxisLabelRotation(15);
    chart.addSeries(
        "queries/s",
        measurement.encoders().stream().map(Contender::name).toList(),
        measurement.encoders().stream()
            .map(contender -> (double) Math.round(contender.queriesPerSecond()))
            .toList());
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
