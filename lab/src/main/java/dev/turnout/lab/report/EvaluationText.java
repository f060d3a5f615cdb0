package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.line;
import static dev.turnout.lab.report.Figures.percent;
import static dev.turnout.lab.report.Figures.ratio;
import static dev.turnout.lab.report.Figures.share;
import static dev.turnout.lab.report.Figures.spread;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.LearningPoint;
import dev.turnout.lab.eval.OnboardingRow;
import dev.turnout.lab.eval.RouterResult;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Help.Ansi;

/** An evaluation as a person would like to read it on a terminal. */
public final class EvaluationText {
  private static final int NAME_LENGTH = 34;
  private static final int TASK_LENGTH = 10;
  private static final double TINY = 5e-3;

  private final EvaluationSummary summary;
  private final Ansi ansi;

  private EvaluationText(EvaluationSummary summary, Ansi ansi) {
    this.summary = summary;
    this.ansi = ansi;
  }

  /** The whole text, ending in a line break. */
  public static String of(EvaluationSummary summary, Ansi ansi) {
    return new EvaluationText(summary, ansi).text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    part(text, "Accuracy in percent", accuracies());
    text.append("mean of ").append(summary.seeds()).append(" seeds, ± standard deviation; ");
    text.append("(bound) looks at the answers; bold = best router of the column\n");
    text.append("graded = share of the choices that have a grade; the others do not count\n");
    part(
        text,
        summary.main().name() + " against others, percentage points [95 % interval]",
        differences());
    text.append("paired bootstrap over queries within tasks; * = the interval excludes 0\n");
    if (summary.published() != null) {
      text.append(
          "published RouterDC is a constant here: its answers to single queries are not public, so"
              + " the interval is that of our own figure alone\n");
    }
    part(text, "Share of the test queries", shares());
    part(text, "Quality of the estimates", estimates());
    part(text, "Predicted success by LLM", success());
    part(text, "Time and memory", times());
    CostResult cost = summary.cost();
    if (cost != null) {
      part(text, "Cost", CostText.of(cost, ansi));
    }
    if (!summary.learning().isEmpty()) {
      part(text, "Learning curve", learning());
    }
    if (!summary.ablations().isEmpty()) {
      part(text, "Ablations", ablations());
    }
    if (!summary.onboarding().isEmpty()) {
      part(text, "A new LLM from a few probes", onboarding());
    }
    return text.toString();
  }

  private void part(StringBuilder text, String title, String body) {
    text.append('\n').append(ansi.string("@|bold,underline " + title + "|@")).append('\n');
    text.append(body);
  }

  private String accuracies() {
    List<RouterResult> routers = new ArrayList<>(summary.recipes());
    summary.baselines().stream()
        .filter(row -> !row.hindsight())
        .sorted(Comparator.comparingDouble((RouterResult row) -> -row.idAverage()))
        .forEach(routers::add);
    List<RouterResult> bounds =
        summary.baselines().stream().filter(RouterResult::hindsight).toList();
    Set<String> tasks = new LinkedHashSet<>(summary.main().tasks().keySet());
    summary.baselines().forEach(row -> tasks.addAll(row.tasks().keySet()));
    List<String> header = new ArrayList<>(List.of("router"));
    tasks.forEach(task -> header.add(shortened(task, TASK_LENGTH)));
    header.add("ID avg");
    header.add("OOD avg");
    header.add("graded");
    TextTable table = TextTable.ruled(ansi, header.toArray(String[]::new));
    routers.forEach(row -> table.row(cells(row, tasks, routers)));
    double[] published = summary.published();
    if (published != null) {
      List<String> row = new ArrayList<>(List.of("RouterDC, published"));
      tasks.forEach(task -> row.add(""));
      row.add(percent(published[0]));
      row.add(percent(published[1]));
      row.add("");
      table.row(row.toArray());
    }
    table.rule();
    bounds.forEach(row -> table.row(cells(row, tasks, List.of())));
    return table.text();
  }

  private static Object[] cells(RouterResult row, Set<String> tasks, List<RouterResult> rivals) {
    List<Object> cells = new ArrayList<>();
    cells.add(
        shortened(ModelName.of(row.name()), NAME_LENGTH) + (row.hindsight() ? " (bound)" : ""));
    for (String task : tasks) {
      ToDoubleFunction<RouterResult> value = r -> r.tasks().getOrDefault(task, Double.NaN);
      cells.add(cell(percent(value.applyAsDouble(row)), isBest(row, rivals, value)));
    }
    cells.add(
        cell(
            spread(row.idAverage(), row.idBySeed()), isBest(row, rivals, RouterResult::idAverage)));
    cells.add(
        cell(
            spread(row.oodAverage(), row.oodBySeed()),
            isBest(row, rivals, RouterResult::oodAverage)));
    cells.add(share(row.coverage()));
    return cells.toArray();
  }

  private static Object cell(String text, boolean bold) {
    return bold ? new TextTable.Bold(text) : text;
  }

  private static boolean isBest(
      RouterResult row, List<RouterResult> rivals, ToDoubleFunction<RouterResult> value) {
    return rivals.contains(row)
        && rivals.stream()
            .mapToDouble(value)
            .noneMatch(rival -> rival > value.applyAsDouble(row) + TINY);
  }

  private String differences() {
    TextTable table = TextTable.ruled(ansi, "against", "ID", "OOD");
    summary
        .idIntervals()
        .forEach(
            (name, id) -> {
              Interval ood = summary.oodIntervals().get(name);
              table.row(ModelName.of(name), interval(id), ood == null ? "–" : interval(ood));
            });
    return table.text();
  }

  private String shares() {
    TextTable table = TextTable.ruled(ansi, "LLM", "share");
    summary
        .main()
        .shares()
        .forEach((llm, share) -> table.row(ModelName.of(llm), percent(100 * share) + " %"));
    return table.text();
  }

  private String estimates() {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "predicted success, expected calibration error",
            "%.3f over all LLMs, %.3f over the chosen ones"
                .formatted(summary.ece(), summary.eceChosen())));
    text.append(
        line(
            "guard, AUROC",
            "%s (out-of-distribution files %s, nonsense %s)"
                .formatted(
                    ratio(summary.guard().auroc()),
                    ratio(summary.guard().ood()),
                    ratio(summary.guard().nonsense()))));
    summary.guard().parts().forEach((part, auroc) -> text.append(line("  " + part, ratio(auroc))));
    text.append(
        line(
            "test queries that the guard flags",
            percent(100 * summary.guard().flaggedId()) + " %"));
    return text.toString();
  }

  private String success() {
    TextTable table = TextTable.ruled(ansi, "LLM", "log-loss", "ECE", "log-loss, OOD", "ECE, OOD");
    for (int t = 0; t < summary.success().size(); t++) {
      SuccessFigures id = summary.success().get(t);
      boolean ood = t < summary.oodSuccess().size();
      table.row(
          ModelName.of(id.llm()),
          ratio(id.logLoss()),
          ratio(id.ece()),
          ood ? ratio(summary.oodSuccess().get(t).logLoss()) : "–",
          ood ? ratio(summary.oodSuccess().get(t).ece()) : "–");
    }
    return table.text();
  }

  private String times() {
    return line(
            "training",
            "%.1f s (encoding %.1f s, training %.1f s)"
                .formatted(
                    summary.trainEncodeSeconds() + summary.trainSeconds(),
                    summary.trainEncodeSeconds(),
                    summary.trainSeconds()))
        + line(
            "a decision, encoding included",
            "p50 %.2f ms, p99 %.2f ms"
                .formatted(
                    summary.decision().p50Micros() / 1e3, summary.decision().p99Micros() / 1e3))
        + line(
            "score and choice alone",
            "p50 %.0f µs, p99 %.0f µs"
                .formatted(summary.scoring().p50Micros(), summary.scoring().p99Micros()))
        + line("peak memory of this run", "%.0f MiB".formatted(summary.peakMemoryMiB()));
  }

  private String learning() {
    TextTable table = TextTable.ruled(ansi, "training queries", "ID avg", "OOD avg");
    for (LearningPoint point : summary.learning()) {
      table.row(point.queries(), percent(point.idAverage()), percent(point.oodAverage()));
    }
    return table.text();
  }

  private String ablations() {
    TextTable table = TextTable.ruled(ansi, "recipe", "ID avg", "OOD avg");
    for (RouterResult row : summary.ablations()) {
      table.row(
          row.name(),
          spread(row.idAverage(), row.idBySeed()),
          spread(row.oodAverage(), row.oodBySeed()));
    }
    return table.text();
  }

  private String onboarding() {
    TextTable table =
        TextTable.ruled(ansi, "LLM", "probes", "ID avg", "left out", "full", "recovered");
    for (OnboardingRow row : summary.onboarding()) {
      table.row(
          ModelName.of(row.llm()),
          row.probes(),
          percent(row.idAverage()),
          percent(row.leftOutAverage()),
          percent(row.fullAverage()),
          share(row.recovered()));
    }
    StringBuilder text = new StringBuilder(table.text());
    for (Map.Entry<Integer, Double> entry : summary.recoveredByProbes().entrySet()) {
      text.append(
          line("recovered with " + entry.getKey() + " probes, mean", share(entry.getValue())));
    }
    return text.toString();
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static String interval(Interval interval) {
    String star = interval.low() > 0 || interval.high() < 0 ? "*" : " ";
    return Figures.interval(interval) + star;
  }
}
