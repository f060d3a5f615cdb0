package dev.turnout.lab.report;

import dev.turnout.lab.eval.EvaluationSummary;
import dev.turnout.lab.eval.LearningPoint;
import dev.turnout.lab.eval.OnboardingRow;
import dev.turnout.lab.eval.OnboardingStudy;
import dev.turnout.lab.eval.RouterResult;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.Interval;
import dev.turnout.lab.eval.measure.PairRouting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
    heading(text, "Accuracy in percent");
    text.append(accuracies());
    text.append("mean of ").append(summary.seeds()).append(" seeds, ± standard deviation; ");
    text.append("(bound) looks at the answers; bold = best router of the column\n");
    heading(text, summary.main().name() + " against others, percentage points [95 % interval]");
    text.append(differences());
    text.append("paired bootstrap over queries within tasks; * = the interval excludes 0\n");
    if (summary.published() != null) {
      text.append(
          "published RouterDC is a constant here: its answers to single queries are not public, so"
              + " the interval is that of our own figure alone\n");
    }
    heading(text, "Share of the test queries");
    text.append(shares());
    heading(text, "Quality of the estimates");
    text.append(estimates());
    heading(text, "Time and memory");
    text.append(times());
    CostResult cost = summary.cost();
    if (cost != null) {
      heading(text, "Cost");
      text.append(costs(cost));
    }
    if (!summary.learning().isEmpty()) {
      heading(text, "Learning curve");
      text.append(learning());
    }
    if (!summary.ablations().isEmpty()) {
      heading(text, "Ablations");
      text.append(ablations());
    }
    if (!summary.onboarding().isEmpty()) {
      heading(text, "A new LLM from a few probes");
      text.append(onboarding());
    }
    return text.toString();
  }

  private void heading(StringBuilder text, String title) {
    text.append('\n').append(ansi.string("@|bold,underline " + title + "|@")).append('\n');
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
    RuledTable table = new RuledTable(header);
    routers.forEach(row -> table.add(cells(row, tasks, routers)));
    double[] published = summary.published();
    if (published != null) {
      List<RuledTable.Cell> row =
          new ArrayList<>(List.of(RuledTable.Cell.of("RouterDC, published")));
      tasks.forEach(task -> row.add(RuledTable.Cell.of("")));
      row.add(RuledTable.Cell.of(percent(published[0])));
      row.add(RuledTable.Cell.of(percent(published[1])));
      table.add(row);
    }
    table.rule();
    bounds.forEach(row -> table.add(cells(row, tasks, List.of())));
    return table.render(ansi);
  }

  private List<RuledTable.Cell> cells(
      RouterResult row, Set<String> tasks, List<RouterResult> rivals) {
    List<RuledTable.Cell> cells = new ArrayList<>();
    cells.add(
        RuledTable.Cell.of(
            shortened(ModelName.of(row.name()), NAME_LENGTH)
                + (row.hindsight() ? " (bound)" : "")));
    for (String task : tasks) {
      ToDoubleFunction<RouterResult> value = r -> r.tasks().getOrDefault(task, Double.NaN);
      cells.add(new RuledTable.Cell(percent(value.applyAsDouble(row)), isBest(row, rivals, value)));
    }
    cells.add(
        new RuledTable.Cell(
            spread(row.idAverage(), row.idBySeed()), isBest(row, rivals, RouterResult::idAverage)));
    cells.add(
        new RuledTable.Cell(
            spread(row.oodAverage(), row.oodBySeed()),
            isBest(row, rivals, RouterResult::oodAverage)));
    return cells;
  }

  private static boolean isBest(
      RouterResult row, List<RouterResult> rivals, ToDoubleFunction<RouterResult> value) {
    return rivals.contains(row)
        && rivals.stream()
            .mapToDouble(value)
            .noneMatch(rival -> rival > value.applyAsDouble(row) + TINY);
  }

  private String differences() {
    RuledTable table = new RuledTable(List.of("against", "ID", "OOD"));
    summary
        .idIntervals()
        .forEach(
            (name, id) -> {
              Interval ood = summary.oodIntervals().get(name);
              table.add(
                  List.of(
                      RuledTable.Cell.of(ModelName.of(name)),
                      RuledTable.Cell.of(interval(id)),
                      RuledTable.Cell.of(ood == null ? "–" : interval(ood))));
            });
    return table.render(ansi);
  }

  private String shares() {
    RuledTable table = new RuledTable(List.of("LLM", "share"));
    summary
        .main()
        .shares()
        .forEach(
            (llm, share) ->
                table.add(
                    List.of(
                        RuledTable.Cell.of(ModelName.of(llm)),
                        RuledTable.Cell.of(percent(100 * share) + " %"))));
    return table.render(ansi);
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

  private String costs(CostResult cost) {
    StringBuilder text = new StringBuilder();
    if (cost.estimated()) {
      text.append(
          "estimated from the prices: a token per 4 characters of the question, %.0f tokens an answer%n"
              .formatted(cost.outputTokens()));
    }
    RuledTable table =
        new RuledTable(
            List.of("router", "best quality", "USD/1,000 queries", "USD/1,000 successes", "AIQ"));
    cost.curves()
        .forEach(
            (name, curve) -> {
              boolean mixed = name.startsWith("single");
              CostQualityCurve.Point best = curve.points().get(0);
              table.add(
                  List.of(
                      RuledTable.Cell.of(name),
                      RuledTable.Cell.of(mixed ? "" : percent(best.quality())),
                      RuledTable.Cell.of(mixed ? "" : dollars(1000 * best.costUsd())),
                      RuledTable.Cell.of(
                          mixed
                              ? ""
                              : dollars(
                                  1000 * cost.costPerSuccess().getOrDefault(name, Double.NaN))),
                      RuledTable.Cell.of(percent(cost.aiq().getOrDefault(name, Double.NaN)))));
            });
    cost.singles()
        .forEach(
            (llm, point) ->
                table.add(
                    List.of(
                        RuledTable.Cell.of(ModelName.of(llm)),
                        RuledTable.Cell.of(percent(point.quality())),
                        RuledTable.Cell.of(dollars(1000 * point.costUsd())),
                        RuledTable.Cell.of(dollars(1e5 * point.costUsd() / point.quality())),
                        RuledTable.Cell.of(""))));
    text.append(table.render(ansi));
    CostQualityCurve.Point single = cost.singles().get(cost.bestSingle());
    if (single != null) {
      text.append(
          line(
              "quality of " + ModelName.of(cost.bestSingle()) + " for",
              "%s of its cost (on the test curve)"
                  .formatted(share(cost.equalQualityCost() / single.costUsd()))));
      text.append(
          line(
              "weight of cost chosen on training queries",
              "quality %s at %s of its cost"
                  .formatted(
                      percent(cost.chosenOnTrain().quality()),
                      share(cost.chosenOnTrain().costUsd() / single.costUsd()))));
    }
    if (!cost.pairs().isEmpty()) {
      RuledTable pairs =
          new RuledTable(
              List.of("weak LLM beside the best single", "APGR", "CPT 50 %", "CPT 80 %"));
      for (PairRouting pair : cost.pairs()) {
        pairs.add(
            List.of(
                RuledTable.Cell.of(ModelName.of(pair.weak())),
                RuledTable.Cell.of(ratio(pair.apgr())),
                RuledTable.Cell.of(share(pair.cpt50())),
                RuledTable.Cell.of(share(pair.cpt80()))));
      }
      text.append('\n').append(pairs.render(ansi));
    }
    return text.toString();
  }

  private String learning() {
    RuledTable table = new RuledTable(List.of("training queries", "ID avg", "OOD avg"));
    for (LearningPoint point : summary.learning()) {
      table.add(
          List.of(
              RuledTable.Cell.of(Integer.toString(point.queries())),
              RuledTable.Cell.of(percent(point.idAverage())),
              RuledTable.Cell.of(percent(point.oodAverage()))));
    }
    return table.render(ansi);
  }

  private String ablations() {
    RuledTable table = new RuledTable(List.of("recipe", "ID avg", "OOD avg"));
    for (RouterResult row : summary.ablations()) {
      table.add(
          List.of(
              RuledTable.Cell.of(row.name()),
              RuledTable.Cell.of(spread(row.idAverage(), row.idBySeed())),
              RuledTable.Cell.of(spread(row.oodAverage(), row.oodBySeed()))));
    }
    return table.render(ansi);
  }

  private String onboarding() {
    RuledTable table =
        new RuledTable(List.of("LLM", "probes", "ID avg", "left out", "full", "recovered"));
    for (OnboardingRow row : summary.onboarding()) {
      table.add(
          List.of(
              RuledTable.Cell.of(ModelName.of(row.llm())),
              RuledTable.Cell.of(Integer.toString(row.probes())),
              RuledTable.Cell.of(percent(row.idAverage())),
              RuledTable.Cell.of(percent(row.leftOutAverage())),
              RuledTable.Cell.of(percent(row.fullAverage())),
              RuledTable.Cell.of(share(row.recovered()))));
    }
    StringBuilder text = new StringBuilder(table.render(ansi));
    for (Map.Entry<Integer, Double> entry :
        OnboardingStudy.recoveredByProbes(summary.onboarding()).entrySet()) {
      text.append(
          line("recovered with " + entry.getKey() + " probes, mean", share(entry.getValue())));
    }
    return text.toString();
  }

  private static String line(String what, String value) {
    return "%-48s %s%n".formatted(what, value);
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static String spread(double average, List<Double> bySeed) {
    return bySeed.size() < 2 || Double.isNaN(average)
        ? percent(average)
        : percent(average) + " ±" + String.format(Locale.ROOT, "%.2f", RouterResult.spread(bySeed));
  }

  private static String interval(Interval interval) {
    String star = interval.low() > 0 || interval.high() < 0 ? "*" : " ";
    return String.format(
        Locale.ROOT,
        "%+.2f [%+.2f, %+.2f]%s",
        interval.estimate(),
        interval.low(),
        interval.high(),
        star);
  }

  private static String percent(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String ratio(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }

  private static String dollars(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.4f", value);
  }
}
