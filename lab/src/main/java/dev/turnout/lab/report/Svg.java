package dev.turnout.lab.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts in the laboratory's colours, as SVG. */
public final class Svg {
  static final Color INK = new Color(0x33, 0x3a, 0x45);
  static final Color GREY = new Color(0x6f, 0x78, 0x85);
  private static final Color GRID = new Color(0xe6, 0xe9, 0xee);
  private static final Color[] PALETTE = {
    new Color(0x1f, 0x6f, 0xb5),
    new Color(0xe0, 0x7b, 0x27),
    new Color(0x2c, 0x9c, 0x6a),
    new Color(0xc4, 0x3d, 0x4b),
    new Color(0x7d, 0x5b, 0xb5),
    new Color(0x8a, 0x62, 0x4a),
    new Color(0xd4, 0x6f, 0xb0),
    GREY,
    new Color(0xb3, 0xa1, 0x22),
    new Color(0x1d, 0xa2, 0xb5)
  };

  private Svg() {}

  /** An empty chart of lines or points with its legend beside it. */
  public static XYChart chart(String x, String y) {
    XYChart chart = new XYChartBuilder().width(760).height(430).xAxisTitle(x).yAxisTitle(y).build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendFont(font)
        .setLegendBorderColor(Color.WHITE)
        .setLegendPadding(6)
        .setDecimalPattern("#,##0.###")
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartFontColor(INK)
        .setChartTitleVisible(false);
    chart
        .getStyler()
        .setPlotGridLinesColor(GRID)
        .setPlotGridLinesStroke(new BasicStroke(1))
        .setAxisTickLabelsFont(font)
        .setAxisTitleFont(font.deriveFont(Font.BOLD))
        .setAxisTickLabelsColor(INK)
        .setAxisTickMarksColor(GRID);
    return chart;
  }

  /** An empty chart of bars. */
  public static CategoryChart bars(String title, String x, String y) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(950)
            .height(480)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    return chart;
  }

  /** An empty chart of labelled bars of queries a second on a logarithmic axis. */
  public static CategoryChart rates(String title, double least) {
    CategoryChart chart = bars(title, "", "queries/s (logarithmic)");
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisMin(least);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLabelsVisible(true);
    return chart;
  }

  static XYSeries line(XYChart chart, String name, List<Double> x, List<Double> y, int color) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color(color));
    series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(color(color));
    return series;
  }

  static XYSeries points(
      XYChart chart, String name, List<Double> x, List<Double> y, int color, int size) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(color(color));
    chart.getStyler().setMarkerSize(size);
    return series;
  }

  private static Color color(int index) {
    return PALETTE[index % PALETTE.length];
  }

  /** The chart as an SVG element. */
  public static String svg(Chart<?, ?> chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String document = bytes.toString(StandardCharsets.UTF_8);
    return document.substring(document.indexOf("<svg"));
  }

  /** Writes the chart as an SVG file. */
  public static void write(Chart<?, ?> chart, Path file) throws IOException {
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
