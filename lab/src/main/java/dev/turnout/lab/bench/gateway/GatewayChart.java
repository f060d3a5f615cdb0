package dev.turnout.lab.bench.gateway;

import dev.turnout.lab.report.Svg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;

/** Draws what {@code bench gateway} found. */
final class GatewayChart {
  private static final List<String> LABELS =
      List.of("whole, p50", "whole, p99", "first token, p50", "first token, p99");
  private static final List<ToDoubleFunction<GatewayMeasurement.Case>> THROUGH =
      List.of(
          each -> each.whole().p50(),
          each -> each.whole().p99(),
          each -> each.firstToken().p50(),
          each -> each.firstToken().p99());
  private static final List<ToDoubleFunction<GatewayMeasurement.Case>> DIRECT =
      List.of(
          each -> each.whole().directP50(),
          each -> each.whole().directP99(),
          each -> each.firstToken().directP50(),
          each -> each.firstToken().directP99());

  private GatewayChart() {}

  /** Writes the chart as SVG to {@code file}. */
  static void write(GatewayMeasurement measured, Path file) throws IOException {
    CategoryChart chart =
        Svg.bars(
            "An answer at %.0f questions a second, %d processors"
                .formatted(measured.perSecond(), measured.processors()),
            "",
            "milliseconds");
    GatewayMeasurement.Case first = measured.cases().get(0);
    chart.addSeries("directly", LABELS, values(DIRECT, first));
    for (GatewayMeasurement.Case each : measured.cases()) {
      chart.addSeries(
          "gateway, " + each.guarantee().replace('_', ' '), LABELS, values(THROUGH, each));
    }
    Svg.write(chart, file);
  }

  private static List<Double> values(
      List<ToDoubleFunction<GatewayMeasurement.Case>> of, GatewayMeasurement.Case each) {
    return of.stream().map(value -> value.applyAsDouble(each)).toList();
  }
}
