package dev.turnout.app.console;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns for a terminal; numbers (columns named as such) to the right. */
public final class TextTable {

  private static final String GAP = "  ";

  private final List<String> heads;
  private final List<Boolean> toTheRight;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param heads column heads; one that starts with {@code >} is aligned to the right
   */
  public TextTable(String... heads) {
    this.heads = new ArrayList<>();
    this.toTheRight = new ArrayList<>();
    for (String head : heads) {
      boolean right = head.startsWith(">");
      this.toTheRight.add(right);
      this.heads.add(right ? head.substring(1) : head);
    }
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has another number of cells than there are heads
   */
  public TextTable row(Object... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + heads.size() + " columns: " + List.of(cells));
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** The table, two spaces indented, with a final line end. */
  public String text() {
    int[] widths = heads.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, heads, widths);
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(GAP);
      line.append(toTheRight.get(i) ? padding + cells.get(i) : cells.get(i) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
