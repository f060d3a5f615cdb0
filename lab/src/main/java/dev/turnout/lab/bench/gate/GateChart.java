package dev.turnout.lab.bench.gate;

import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;

/** Draws the gate's power: a line for each way of exploring, at one number of grades. */
final class GateChart {
  private GateChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(GatePower power, int grades, Path file) throws IOException {
    CategoryChart chart =
        Svg.bars(
            "Candidates promoted from %,d held-out grades, %d trials a point"
                .formatted(grades, power.trials()),
            "true improvement of mean reward, points",
            "promoted, %");
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
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
    Svg.write(chart, file);
  }
}
