package dev.turnout.lab.report;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.guard.GuardFigures;
import dev.turnout.lab.eval.guard.GuardFigures.Flagged;
import dev.turnout.lab.eval.guard.PromiseFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** What {@code turnout eval --guard} prints: as text and as JSON. */
public final class GuardReport {
  private GuardReport() {}

  /** The whole text, ending in a line break. */
  public static String text(GuardFigures figures, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    text.append(ansi.string("\n@|bold,underline False alarms|@\n"));
    text.append(
        String.format(
            Locale.ROOT,
            "%,d training queries; stated %.1f %%%s%n",
            figures.trained(),
            100 * figures.stated(),
            figures.heldOut() ? "; the data has no test queries, so a fifth was held out" : ""));
    TextTable alarms = TextTable.ruled(ansi, "in distribution", "queries", "flagged");
    for (Flagged task : figures.tasks()) {
      alarms.row(task.name(), count(task), percent(task.flagged()));
    }
    alarms.row("all", count(figures.all()), percent(figures.all().flagged()));
    text.append(alarms.text());
    text.append(ansi.string("\n@|bold,underline Strangers|@\n"));
    TextTable strangers =
        TextTable.ruled(ansi, "out of distribution", "queries", "flagged", "AUROC");
    for (Flagged kind : figures.strangers()) {
      strangers.row(
          kind.name(),
          count(kind),
          percent(kind.flagged()),
          String.format(Locale.ROOT, "%.3f", kind.auroc()));
    }
    text.append(strangers.text());
    for (PromiseFigures promise : figures.promises()) {
      text.append(
          ansi.string(
              String.format(
                  Locale.ROOT,
                  "\n@|bold,underline At most %.0f %% wrong|@\n",
                  100 * (1 - promise.rate()))));
      TextTable kept = TextTable.ruled(ansi, "LLM", "trusted with", "wrong", "wrong of all");
      for (PromiseFigures.Kept llm : promise.llms()) {
        kept.row(
            llm.llm(), percent(llm.trusted()), percent(llm.wrong()), percent(llm.wrongOverall()));
      }
      text.append(kept.text());
    }
    return text.toString();
  }

  /** Key to value. */
  public static Map<String, Object> json(GuardFigures figures) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("stated", figures.stated());
    json.put("trained", figures.trained());
    json.put("false_alarms", figures.all().flagged());
    json.put("false_alarms_by_task", values(figures.tasks(), false));
    json.put("flagged", values(figures.strangers(), false));
    json.put("auroc", values(figures.strangers(), true));
    json.put("min_success", figures.promises());
    return json;
  }

  private static Map<String, Double> values(List<Flagged> kinds, boolean auroc) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Flagged kind : kinds) {
      values.put(kind.name().strip(), auroc ? kind.auroc() : kind.flagged());
    }
    return values;
  }

  private static String count(Flagged kind) {
    return String.format(Locale.ROOT, "%,d", kind.queries());
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
