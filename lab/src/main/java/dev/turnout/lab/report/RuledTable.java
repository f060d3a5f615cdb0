package dev.turnout.lab.report;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * A table with rules under its head and its parts: the first column to the left, the others to the
 * right.
 */
final class RuledTable {
  /**
   * One cell.
   *
   * @param text what it shows
   * @param bold true for the best of its column
   */
  record Cell(String text, boolean bold) {
    static Cell of(String text) {
      return new Cell(text, false);
    }
  }

  private final List<List<Cell>> rows = new ArrayList<>();

  RuledTable(List<String> header) {
    rows.add(header.stream().map(Cell::of).toList());
  }

  void add(List<Cell> row) {
    rows.add(List.copyOf(row));
  }

  /** A thin line under the rows so far. */
  void rule() {
    rows.add(List.of());
  }

  String render(Ansi ansi) {
    int[] widths = new int[rows.get(0).size()];
    for (List<Cell> row : rows) {
      for (int c = 0; c < row.size(); c++) {
        widths[c] = Math.max(widths[c], row.get(c).text().length());
      }
    }
    StringBuilder text = new StringBuilder();
    int total = java.util.Arrays.stream(widths).sum() + 2 * (widths.length - 1);
    for (int r = 0; r < rows.size(); r++) {
      List<Cell> row = rows.get(r);
      if (row.isEmpty()) {
        text.append("─".repeat(total)).append('\n');
        continue;
      }
      for (int c = 0; c < row.size(); c++) {
        Cell cell = row.get(c);
        String padding = " ".repeat(widths[c] - cell.text().length());
        String shown =
            cell.bold() || r == 0 ? ansi.string("@|bold " + cell.text() + "|@") : cell.text();
        text.append(c == 0 ? shown + padding : "  " + padding + shown);
      }
      text.append('\n');
      if (r == 0) {
        text.append("─".repeat(total)).append('\n');
      }
    }
    return text.toString();
  }
}
