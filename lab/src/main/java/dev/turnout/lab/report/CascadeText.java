package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.number;
import static dev.turnout.lab.report.Figures.percent;
import static dev.turnout.lab.report.Figures.share;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.cascade.CascadeResult;
import dev.turnout.lab.eval.figure.FigureInterval;
import picocli.CommandLine.Help.Ansi;

/** Cascades as a person would like to read of them on a terminal. */
public final class CascadeText {
  private CascadeText() {}

  /** The text, ending in a line break. */
  public static String of(CascadeResult result, Ansi ansi) {
    TextTable table =
        TextTable.ruled(
            ansi, "policy", "aim", "quality", "less the best LLM", "cost", "calls a query");
    String strong = ModelName.of(result.strong());
    table.row(strong, "", percent(result.strongQuality()), "", share(1), number("%.2f", 1));
    for (CascadeResult.Row row : result.rows()) {
      table.row(
          row.policy(),
          share(row.aim()),
          percent(row.quality().value()),
          "%s [%s, %s]%s"
              .formatted(
                  number("%+.2f", row.difference().value()),
                  number("%+.2f", row.difference().low()),
                  number("%+.2f", row.difference().high()),
                  row.difference().excludesZero() ? "*" : " "),
          interval(row.cost()),
          number("%.2f", row.calls()));
    }
    table.row("oracle", "", percent(result.oracleQuality()), "", share(result.oracleCost()), "");
    return "%n%s%n%s"
            .formatted(ansi.string("@|bold,underline Cascades on recorded answers|@"), table.text())
        + ("%,d queries graded for every LLM, %d folds by question, mean of %d seeds; cost as a"
                + " share of %s's; LLMs and thresholds are chosen on training folds to reach the"
                + " aim, a share of its quality, there%ngrader: simulated, right in %s of the cases,"
                + " as dear as the answer that it grades%n")
            .formatted(
                result.queries(),
                result.folds(),
                result.seeds(),
                strong,
                share(result.graderAccuracy()));
  }

  private static String interval(FigureInterval value) {
    return "%s [%s, %s]".formatted(share(value.value()), share(value.low()), share(value.high()));
  }
}
