package dev.turnout.lab.replay.result;

import static dev.turnout.lab.report.Svg.chart;
import static dev.turnout.lab.report.Svg.svg;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.lab.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One self-contained page with the curves of the first replay and the figures of all. */
public final class ReplayReport {
  private static final int POINTS = 80;
  private static final int TENTHS = 10;

  private ReplayReport() {}

  /** Writes {@code folder/replay.html}; gives its path. */
  public static Path write(ReplaySummary summary, Path folder) {
    HtmlPage page = new HtmlPage("Turnout replay", "Replay");
    page.section("All replays", "Rewards and accuracies in percent.", table(summary));
    ReplayResult first = summary.results().get(0);
    page.section(
        "Reward while learning",
        "Mean over a tenth of the stream, seed " + first.seed() + ".",
        rewards(first));
    page.section(
        "Regret",
        "What was missed since the beginning, in correct answers, against the LLM that is best over"
            + " all (best single), the best one for each task (best per task), any one (random) and"
            + " the best one for each query (oracle); below zero the router earned more.",
        regret(first));
    page.section("Share of each LLM", "", shares(summary.llms(), first));
    page.section(
        "What happened",
        "",
        first.events().stream()
            .map(event -> "<li>" + HtmlPage.escaped(event) + "</li>")
            .collect(Collectors.joining("", "<ul>", "</ul>")));
    try {
      return page.write(folder, "replay.html");
    } catch (IOException e) {
      throw new CommandFailure("--report " + folder + " cannot be written (" + e + ")", e);
    }
  }

  private static String table(ReplaySummary summary) {
    StringBuilder page = new StringBuilder();
    page.append("<table><tr><th>seed</th><th>mean reward</th><th>best single</th>")
        .append(
            "<th>best per task</th><th>random</th><th>oracle</th><th>final ID</th><th>final"
                + " OOD</th>")
        .append("<th>promoted</th><th>rejected</th></tr>");
    for (ReplayResult result : summary.results()) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%d</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td>"
                  + "<td>%.2f</td><td>%d</td><td>%d</td></tr>",
              result.seed(),
              100 * result.meanReward(),
              100 * result.baseline(BaselineRewards.BEST_SINGLE),
              100 * result.baseline(BaselineRewards.BEST_PER_TASK),
              100 * result.baseline(BaselineRewards.RANDOM),
              100 * result.baseline(BaselineRewards.ORACLE),
              100 * result.finalId(),
              100 * result.finalOod(),
              result.promotions(),
              result.rejections()));
    }
    return page.append("</table>").toString();
  }

  private static String rewards(ReplayResult result) {
    XYChart chart = chart("queries", "reward, %");
    line(chart, "router", result.log().rewards());
    BaselineRewards.of(result.truth()).byName().forEach((name, other) -> line(chart, name, other));
    return svg(chart);
  }

  private static void line(XYChart chart, String name, double[] values) {
    int width = Math.max(1, values.length / 10);
    int step = Math.max(1, values.length / POINTS);
    double[] sums = new double[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    int points = (values.length - width) / step + 1;
    double[] x = new double[points];
    double[] y = new double[points];
    for (int p = 0; p < points; p++) {
      int end = width + p * step;
      x[p] = end;
      y[p] = 100 * (sums[end] - sums[end - width]) / width;
    }
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
  }

  private static String regret(ReplayResult result) {
    XYChart chart = chart("queries", "regret");
    double[] own = result.log().rewards();
    BaselineRewards.of(result.truth())
        .byName()
        .forEach((name, other) -> regret(chart, "against " + name, other, own));
    return svg(chart);
  }

  private static void regret(XYChart chart, String name, double[] other, double[] own) {
    int step = Math.max(1, own.length / POINTS);
    int points = own.length / step;
    double[] x = new double[points];
    double[] y = new double[points];
    double sum = 0;
    for (int i = 0; i < points * step; i++) {
      sum += other[i] - own[i];
      if ((i + 1) % step == 0) {
        x[i / step] = i + 1.0;
        y[i / step] = sum;
      }
    }
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
  }

  private static String shares(List<String> llms, ReplayResult result) {
    XYChart chart = chart("tenth of the stream", "share, %");
    double[] x = IntStream.rangeClosed(1, TENTHS).asDoubleStream().toArray();
    int length = result.truth().length();
    for (int a = 0; a < llms.size(); a++) {
      int llm = a;
      double[] y =
          IntStream.range(0, TENTHS)
              .mapToDouble(
                  t ->
                      100 * result.log().share(llm, t * length / TENTHS, (t + 1) * length / TENTHS))
              .toArray();
      chart.addSeries(llms.get(a), x, y).setMarker(SeriesMarkers.NONE);
    }
    return svg(chart);
  }
}
