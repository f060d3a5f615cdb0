package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.number;
import static dev.turnout.lab.report.Figures.percent;
import static dev.turnout.lab.report.Figures.ratio;
import static dev.turnout.lab.report.Figures.share;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.figure.Figure;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.figure.SuccessFigures;
import dev.turnout.lab.eval.fold.FoldResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Held-out figures as a person would like to read them on a terminal. */
public final class FoldText {
  private static final List<Figure> SHOWN =
      List.of(
          Figure.ARGMAX,
          Figure.AIQ,
          Figure.APGR,
          Figure.CPT50,
          Figure.CPT80,
          Figure.COST95,
          Figure.COST100,
          Figure.LOG_LOSS);
  private static final List<Figure> DIFFERENCES =
      List.of(Figure.ARGMAX, Figure.AIQ, Figure.APGR, Figure.LOG_LOSS);
  private static final int PAIRS = 12;

  private FoldText() {}

  /** The whole text, ending in a line break. */
  public static String of(FoldResult result, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    title(text, ansi, "Held out: " + result.protocol());
    text.append(figures(result, ansi));
    text.append(
        "mean of %d seeds over %,d queries; argmax and AIQ are task averages in percent, cost is %s%n"
            .formatted(result.seeds(), result.queries(), result.costs()));
    text.append(
        "best single LLM %s %s, oracle %s; graded = share of the choices that have a grade, the others do not count%n"
            .formatted(
                ModelName.of(result.bestSingle()),
                percent(result.bestSingleQuality()),
                percent(result.oracle())));
    if (!Double.isNaN(result.costErrors().learnt())) {
      text.append("expected costs are off by ")
          .append(CostErrorText.of(result.costErrors()))
          .append('\n');
    }
    title(text, ansi, result.main().name() + " against others [95 % interval]");
    text.append(differences(result, ansi));
    text.append("paired bootstrap over queries within tasks; * = the interval excludes 0\n");
    title(text, ansi, "Predicted success by LLM");
    TextTable success = TextTable.ruled(ansi, "LLM", "graded", "log-loss", "ECE");
    for (SuccessFigures row : result.main().success()) {
      success.row(ModelName.of(row.llm()), row.graded(), ratio(row.logLoss()), ratio(row.ece()));
    }
    text.append(success.text());
    if (result.llms().size() > 2 && !result.pairs().isEmpty()) {
      title(text, ansi, "Pairs that differ in price");
      text.append(pairs(result, ansi));
    }
    return text.toString();
  }

  private static void title(StringBuilder text, Ansi ansi, String title) {
    text.append('\n').append(ansi.string("@|bold,underline " + title + "|@")).append('\n');
  }

  private static String figures(FoldResult result, Ansi ansi) {
    List<Figure> shown =
        SHOWN.stream().filter(figure -> result.main().figures().containsKey(figure)).toList();
    List<String> header = new ArrayList<>(List.of("router"));
    shown.forEach(figure -> header.add(name(figure)));
    header.add("ECE");
    header.add("graded");
    TextTable table = TextTable.ruled(ansi, header.toArray(String[]::new));
    for (FoldResult.Row row : result.routers()) {
      List<Object> cells = new ArrayList<>(List.of(row.name()));
      for (Figure figure : shown) {
        FigureInterval value = row.figures().get(figure);
        boolean main = row.behind().isEmpty();
        cells.add(
            value == null
                ? "–"
                : main
                    ? "%s [%s, %s]"
                        .formatted(
                            text(figure, value.value()),
                            text(figure, value.low()),
                            text(figure, value.high()))
                    : text(figure, value.value()));
      }
      cells.add(ratio(row.ece()));
      cells.add(share(row.coverage()));
      table.row(cells.toArray());
    }
    return table.text();
  }

  private static String differences(FoldResult result, Ansi ansi) {
    List<Figure> shown = DIFFERENCES.stream().filter(result.main().figures()::containsKey).toList();
    List<String> header = new ArrayList<>(List.of("against"));
    shown.forEach(figure -> header.add(name(figure)));
    TextTable table = TextTable.ruled(ansi, header.toArray(String[]::new));
    for (FoldResult.Row row : result.routers()) {
      if (!row.behind().isEmpty()) {
        List<Object> cells = new ArrayList<>(List.of(row.name()));
        for (Figure figure : shown) {
          cells.add(difference(figure, row.behind().get(figure)));
        }
        table.row(cells.toArray());
      }
    }
    return table.text();
  }

  private static String difference(
      Figure figure, @org.jspecify.annotations.Nullable FigureInterval difference) {
    if (difference == null) {
      return "–";
    }
    String format = figure == Figure.ARGMAX || figure == Figure.AIQ ? "%+.2f" : "%+.3f";
    return "%s [%s, %s]%s"
        .formatted(
            number(format, difference.value()),
            number(format, difference.low()),
            number(format, difference.high()),
            difference.excludesZero() ? "*" : " ");
  }

  private static String pairs(FoldResult result, Ansi ansi) {
    TextTable table =
        TextTable.ruled(ansi, "cheaper LLM", "dearer and better", "APGR", "CPT 50 %", "CPT 80 %");
    List<FoldResult.PairRow> shown =
        result.pairs().stream()
            .filter(pair -> pair.strong().equals(result.bestSingle()))
            .limit(PAIRS)
            .toList();
    for (FoldResult.PairRow pair : shown) {
      Map<Figure, FigureInterval> figures = pair.figures();
      table.row(
          ModelName.of(pair.weak()),
          ModelName.of(pair.strong()),
          value(figures, Figure.APGR),
          value(figures, Figure.CPT50),
          value(figures, Figure.CPT80));
    }
    return table.text()
        + "%d of %d pairs; the others stand in --json%n"
            .formatted(shown.size(), result.pairs().size());
  }

  private static String value(Map<Figure, FigureInterval> figures, Figure figure) {
    FigureInterval value = figures.get(figure);
    return value == null ? "–" : text(figure, value.value());
  }

  static String name(Figure figure) {
    return switch (figure) {
      case ARGMAX -> "argmax";
      case ARGMAX_POOLED -> "argmax, pooled";
      case AIQ -> "AIQ";
      case APGR -> "APGR";
      case CPT50 -> "CPT 50 %";
      case CPT80 -> "CPT 80 %";
      case COST95 -> "95 % for";
      case COST100 -> "100 % for";
      case LOG_LOSS -> "log-loss";
    };
  }

  static String text(Figure figure, double value) {
    if (Double.isInfinite(value)) {
      return "never";
    }
    return switch (figure) {
      case ARGMAX, ARGMAX_POOLED, AIQ -> percent(value);
      case APGR, LOG_LOSS -> ratio(value);
      case CPT50, CPT80, COST95, COST100 -> share(value);
    };
  }
}
