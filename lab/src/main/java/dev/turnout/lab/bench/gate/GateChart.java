package dev.turnout.lab.bench.gate;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;

/** Draws the gate's power: a line for each way of exploring, at one number of grades. */
final class GateChart {
  private GateChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(GatePower power, int grades, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(480)
            .title(
                "Candidates promoted from %,d held-out grades, %d trials a point"
                    .formatted(grades, power.trials()))
            .xAxisTitle("true improvement of mean reward, points")
            .yAxisTitle("promoted, %")
            .build();
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(100.0);
    List<String> explorations =
        power.points().stream().map(GatePower.Point::exploration).distinct().toList();
    for (String exploration : explorations) {
      chart.addSeries(
          exploration,
          GatePower.bands(),
          power.row(exploration, grades).stream().map(point -> 100 * point.promoted()).toList());
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
