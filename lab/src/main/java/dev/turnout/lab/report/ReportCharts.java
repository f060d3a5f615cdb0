package dev.turnout.lab.report;

import static dev.turnout.lab.report.Svg.chart;
import static dev.turnout.lab.report.Svg.line;
import static dev.turnout.lab.report.Svg.points;
import static dev.turnout.lab.report.Svg.svg;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.eval.EncodedSplits;
import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.LearningPoint;
import dev.turnout.lab.eval.RouterResult;
import dev.turnout.lab.eval.ScoredQueries;
import dev.turnout.lab.eval.measure.CalibrationCurve;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.math.Vectors;
import dev.turnout.model.LlmEmbedding;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of the report, each as an SVG element. */
final class ReportCharts {
  private static final int MAP_POINTS = 1400;
  private static final int BINS = 40;
  private static final int MARKER = 9;
  private static final int MAP_MARKER = 6;
  private static final double LABEL_GAP = 0.06;

  private final EvaluationSummary summary;
  private final EncodedSplits splits;

  ReportCharts(EvaluationSummary summary) {
    this.summary = summary;
    this.splits = summary.splits().splits();
  }

  /** Every router by its two averages. */
  String averages() {
    XYChart chart = chart("average in distribution, %", "average out of distribution, %");
    List<RouterResult> rows = new ArrayList<>(summary.recipes());
    summary.baselines().stream().filter(row -> !row.hindsight()).forEach(rows::add);
    int color = 0;
    for (RouterResult row : rows) {
      if (summary.dataset().llms().contains(row.name()) || Double.isNaN(row.oodAverage())) {
        continue;
      }
      boolean ours = row.name().equals(summary.main().name());
      points(
              chart,
              row.name(),
              List.of(row.idAverage()),
              List.of(row.oodAverage()),
              color++,
              ours ? 13 : 8)
          .setMarker(ours ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE);
    }
    double[] published = summary.published();
    if (published != null) {
      points(chart, "RouterDC, published", List.of(published[0]), List.of(published[1]), 7, MARKER)
          .setMarker(SeriesMarkers.CROSS);
    }
    return svg(chart);
  }

  /** Test queries and LLM embeddings in the model's projected space. */
  String embeddingMap() {
    RouterModel model = summary.models().get(0);
    RouterScorer scorer = new RouterScorer(model);
    EncodedQueries test = splits.test();
    int step = Math.max(1, test.size() / MAP_POINTS);
    List<float[]> queries = new ArrayList<>();
    List<Integer> task = new ArrayList<>();
    int[] tasks = test.taskIndices();
    for (int i = 0; i < test.size(); i += step) {
      queries.add(scorer.projected(test.embeddings()[i]));
      task.add(tasks[i]);
    }
    double[][] points = centred(queries.stream());
    PrincipalAxes axes = PrincipalAxes.of(points);
    double reach =
        Arrays.stream(points).mapToDouble(q -> Math.hypot(axes.x(q), axes.y(q))).max().orElse(1);
    XYChart chart = chart("first principal direction", "second principal direction");
    for (int k = 0; k < test.tasks().size(); k++) {
      List<Double> x = new ArrayList<>();
      List<Double> y = new ArrayList<>();
      for (int i = 0; i < points.length; i++) {
        if (task.get(i) == k) {
          x.add(axes.x(points[i]));
          y.add(axes.y(points[i]));
        }
      }
      points(chart, test.tasks().get(k), x, y, k, MAP_MARKER);
    }
    double[][] llms = centred(model.embeddings().stream().map(LlmEmbedding::vector));
    double furthest = 1e-9;
    for (double[] llm : llms) {
      furthest = Math.max(furthest, Math.hypot(axes.x(llm), axes.y(llm)));
    }
    Marker[] markers = {
      SeriesMarkers.DIAMOND,
      SeriesMarkers.SQUARE,
      SeriesMarkers.TRIANGLE_UP,
      SeriesMarkers.TRIANGLE_DOWN,
      SeriesMarkers.PLUS,
      SeriesMarkers.CROSS,
      SeriesMarkers.TRAPEZOID
    };
    for (int t = 0; t < llms.length; t++) {
      double scale = 0.9 * reach / furthest;
      XYSeries series =
          points(
              chart,
              "LLM " + ModelName.of(model.llms().get(t)),
              List.of(axes.x(llms[t]) * scale),
              List.of(axes.y(llms[t]) * scale),
              t,
              MAP_MARKER);
      series.setMarker(markers[t % markers.length]);
      series.setMarkerColor(Svg.INK);
      AnnotationText label =
          new AnnotationText(
              ModelName.of(model.llms().get(t)),
              axes.x(llms[t]) * scale,
              axes.y(llms[t]) * scale + LABEL_GAP * reach,
              false);
      chart.addAnnotation(label);
    }
    return svg(chart);
  }

  /** How predicted success is spread, one line an LLM. */
  String scoreDistributions() {
    XYChart chart = chart("predicted success", "share of test queries, %");
    double[][] success = summary.scored().predictedSuccess();
    for (int t = 0; t < summary.dataset().llms().size(); t++) {
      int llm = t;
      double[] values = Arrays.stream(success).mapToDouble(row -> row[llm]).toArray();
      distribution(chart, ModelName.of(summary.dataset().llms().get(t)), values, 0, 1, t);
    }
    return svg(chart);
  }

  /** Distances to the training data that the guard looks at. */
  String guardDistances() {
    RouterModel model = summary.models().get(0);
    double[] inside = ScoredQueries.of(model, splits.test()).distances();
    double[] outside = ScoredQueries.of(model, splits.ood()).distances();
    double[] words = ScoredQueries.of(model, splits.shuffledWords()).distances();
    double[] letters = ScoredQueries.of(model, splits.shuffledLetters()).distances();
    double[] sorted = inside.clone();
    Arrays.sort(sorted);
    double high = 1.6 * Math.max(sorted[(int) (0.995 * (sorted.length - 1))], 1e-9);
    XYChart chart = chart("distance to the training data", "share of queries, %");
    distribution(chart, "test, in distribution", inside, 0, high, 0);
    if (outside.length > 0) {
      distribution(chart, "out of distribution", outside, 0, high, 1);
    }
    distribution(chart, "shuffled words", words, 0, high, 3);
    distribution(chart, "shuffled letters", letters, 0, high, 4);
    return svg(chart);
  }

  /** Predicted against observed success. */
  String calibration() {
    XYChart chart = chart("predicted success", "observed success");
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    line(chart, "perfect", List.of(0.0, 1.0), List.of(0.0, 1.0), 7).setMarker(SeriesMarkers.NONE);
    List<CalibrationCurve.Bin> bins = summary.calibration().bins();
    line(
        chart,
        summary.main().name(),
        bins.stream().map(CalibrationCurve.Bin::predicted).toList(),
        bins.stream().map(CalibrationCurve.Bin::observed).toList(),
        0);
    return svg(chart);
  }

  /** Averages by the number of training queries; empty without a learning curve. */
  String learningCurve() {
    List<LearningPoint> points = summary.learning();
    if (points.size() < 2) {
      return "";
    }
    XYChart chart = chart("training queries", "average, %");
    chart.getStyler().setXAxisLogarithmic(true);
    List<Double> x = points.stream().map(point -> (double) point.queries()).toList();
    line(chart, "in distribution", x, points.stream().map(LearningPoint::idAverage).toList(), 0);
    if (!Double.isNaN(points.get(0).oodAverage())) {
      line(
          chart,
          "out of distribution",
          x,
          points.stream().map(LearningPoint::oodAverage).toList(),
          1);
    }
    return svg(chart);
  }

  /** Quality by cost; empty without costs. */
  String costQuality() {
    CostResult cost = summary.cost();
    if (cost == null) {
      return "";
    }
    XYChart chart = chart("USD per 1,000 queries", "average in distribution, %");
    int color = 0;
    for (var entry : cost.curves().entrySet()) {
      List<CostQualityCurve.Point> hull = entry.getValue().hull();
      XYSeries series =
          line(
              chart,
              entry.getKey(),
              hull.stream().map(point -> 1000 * point.costUsd()).toList(),
              hull.stream().map(CostQualityCurve.Point::quality).toList(),
              color++);
      if (entry.getKey().startsWith("single")) {
        series.setLineStyle(
            new BasicStroke(
                1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0));
        series.setLineColor(Svg.GREY);
        series.setMarker(SeriesMarkers.NONE);
      }
    }
    List<Double> x = cost.singles().values().stream().map(p -> 1000 * p.costUsd()).toList();
    List<Double> y = cost.singles().values().stream().map(CostQualityCurve.Point::quality).toList();
    points(chart, "LLMs alone", x, y, 7, MARKER).setMarker(SeriesMarkers.DIAMOND);
    return svg(chart);
  }

  private static void distribution(
      XYChart chart, String name, double[] values, double low, double high, int color) {
    chart.getStyler().setXAxisMin(low).setXAxisMax(high);
    double[] share = new double[BINS];
    for (double value : values) {
      int bin = (int) ((value - low) / (high - low) * BINS);
      share[Math.max(0, Math.min(BINS - 1, bin))] += 100.0 / values.length;
    }
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      x.add(low + (b + 0.5) * (high - low) / BINS);
      y.add(share[b]);
    }
    line(chart, name, x, y, color).setMarker(SeriesMarkers.NONE);
  }

  /** Directions of vectors, each of length 1, beside their mean. */
  private static double[][] centred(Stream<float[]> vectors) {
    double[][] units =
        vectors
            .map(
                vector -> {
                  double[] unit = Vectors.widened(vector);
                  Vectors.divide(unit, Math.max(Vectors.length(unit), 1e-12));
                  return unit;
                })
            .toArray(double[][]::new);
    double[] mean = new double[units[0].length];
    for (double[] unit : units) {
      Vectors.add(1.0 / units.length, unit, mean);
    }
    for (double[] unit : units) {
      Vectors.add(-1, mean, unit);
    }
    return units;
  }
}
