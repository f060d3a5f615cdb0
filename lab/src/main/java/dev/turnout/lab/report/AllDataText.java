package dev.turnout.lab.report;

import static dev.turnout.lab.report.Figures.ratio;
import static dev.turnout.lab.report.Figures.share;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.figure.Figure;
import dev.turnout.lab.eval.figure.FigureInterval;
import dev.turnout.lab.eval.fold.FoldResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Several data sets in one table. */
public final class AllDataText {
  private static final List<Figure> SHOWN =
      List.of(
          Figure.ARGMAX,
          Figure.AIQ,
          Figure.APGR,
          Figure.CPT50,
          Figure.CPT80,
          Figure.COST95,
          Figure.LOG_LOSS);

  private AllDataText() {}

  /**
   * One row a data set, way of holding out, and router; the text ends in a line break.
   *
   * @param results results of each data set by its name
   */
  public static String of(Map<String, List<FoldResult>> results, Ansi ansi) {
    List<String> header = new ArrayList<>(List.of("data", "held out", "router"));
    SHOWN.forEach(figure -> header.add(FoldText.name(figure)));
    header.add("ECE");
    header.add("graded");
    TextTable table = TextTable.ruled(ansi, header.toArray(String[]::new));
    results.forEach(
        (name, some) -> {
          for (FoldResult result : some) {
            for (FoldResult.Row row : result.routers()) {
              List<Object> cells = new ArrayList<>(List.of(name, result.protocol(), row.name()));
              for (Figure figure : SHOWN) {
                FigureInterval value = row.figures().get(figure);
                cells.add(value == null ? "–" : FoldText.text(figure, value.value()));
              }
              cells.add(ratio(row.ece()));
              cells.add(share(row.coverage()));
              table.row(cells.toArray());
            }
          }
        });
    return table.text();
  }
}
