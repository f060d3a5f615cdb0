package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.dollars;
import static dev.turnout.lab.report.Figures.line;
import static dev.turnout.lab.report.Figures.percent;
import static dev.turnout.lab.report.Figures.ratio;
import static dev.turnout.lab.report.Figures.share;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.measure.CostQualityCurve;
import dev.turnout.lab.eval.measure.CostResult;
import dev.turnout.lab.eval.measure.PairRouting;
import picocli.CommandLine.Help.Ansi;

/** What quality costs, as a person would like to read it on a terminal. */
final class CostText {
  private CostText() {}

  /** The text, ending in a line break. */
  static String of(CostResult cost, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    if (cost.estimated()) {
      text.append(
          "estimated from the prices: a token per 4 characters of the question, %.0f tokens an answer%n"
              .formatted(cost.outputTokens()));
    }
    TextTable table =
        TextTable.ruled(
            ansi, "router", "best quality", "USD/1,000 queries", "USD/1,000 successes", "AIQ");
    cost.curves()
        .forEach(
            (name, curve) -> {
              boolean mixed = name.startsWith("single");
              CostQualityCurve.Point best = curve.points().get(0);
              table.row(
                  name,
                  mixed ? "" : percent(best.quality()),
                  mixed ? "" : dollars(1000 * best.costUsd()),
                  mixed ? "" : dollars(1000 * cost.costPerSuccess().getOrDefault(name, Double.NaN)),
                  percent(cost.aiq().getOrDefault(name, Double.NaN)));
            });
    cost.singles()
        .forEach(
            (llm, point) ->
                table.row(
                    ModelName.of(llm),
                    percent(point.quality()),
                    dollars(1000 * point.costUsd()),
                    dollars(1e5 * point.costUsd() / point.quality()),
                    ""));
    text.append(table.text());
    if (!Double.isNaN(cost.errors().learnt())) {
      text.append(line("expected costs off by", CostErrorText.of(cost.errors())));
    }
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
      TextTable pairs =
          TextTable.ruled(ansi, "weak LLM beside the best single", "APGR", "CPT 50 %", "CPT 80 %");
      for (PairRouting pair : cost.pairs()) {
        pairs.row(
            ModelName.of(pair.weak()),
            ratio(pair.apgr()),
            share(pair.cpt50()),
            share(pair.cpt80()));
      }
      text.append('\n').append(pairs.text());
    }
    return text.toString();
  }
}
