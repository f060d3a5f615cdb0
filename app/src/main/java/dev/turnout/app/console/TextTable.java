package dev.turnout.app.console;

import dev.turnout.topic.LogText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Aligned columns for a terminal: a plain listing, indented by two spaces, or a ruled table, whose
 * head is bold and underlined, whose first column stands to the left and the others to the right.
 */
public final class TextTable {
  private static final String GAP = "  ";

  /** A cell that stands out, in a ruled table alone. */
  public record Bold(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private record Column(String head, boolean toTheRight) {}

  private final List<Column> columns;
  private final @Nullable Ansi ruled;
  private final List<List<Object>> rows = new ArrayList<>();

  private TextTable(List<Column> columns, @Nullable Ansi ruled) {
    this.columns = columns;
    this.ruled = ruled;
  }

  /**
   * An empty listing.
   *
   * @param heads column heads; one that starts with {@code >} is aligned to the right
   */
  public TextTable(String... heads) {
    this(
        Arrays.stream(heads)
            .map(
                head ->
                    head.startsWith(">")
                        ? new Column(head.substring(1), true)
                        : new Column(head, false))
            .toList(),
        null);
  }

  /** An empty ruled table. */
  public static TextTable ruled(Ansi ansi, String... heads) {
    return new TextTable(
        IntStream.range(0, heads.length).mapToObj(i -> new Column(heads[i], i > 0)).toList(), ansi);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has another number of cells than there are heads
   */
  public TextTable row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + columns.size() + " columns: " + List.of(cells));
    }
    // ids and reasons come from outside; a line break in one must not look like another row
    rows.add(Arrays.stream(cells).map(TextTable::visible).toList());
    return this;
  }

  private static Object visible(Object cell) {
    return cell instanceof Bold bold
        ? new Bold(LogText.visible(bold.text()))
        : LogText.visible(cell.toString());
  }

  /** A thin line under the rows so far; in a ruled table alone. */
  public void rule() {
    rows.add(List.of());
  }

  /** The table with a final line end. */
  public String text() {
    int[] widths = columns.stream().mapToInt(column -> column.head().length()).toArray();
    for (List<Object> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).toString().length());
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, columns.stream().<Object>map(column -> new Bold(column.head())).toList(), widths);
    if (ruled != null) {
      line(text, List.of(), widths);
    }
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private void line(StringBuilder text, List<Object> cells, int[] widths) {
    if (cells.isEmpty()) {
      int total = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
      text.append("─".repeat(total)).append('\n');
      return;
    }
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i).toString();
      String padding = " ".repeat(widths[i] - cell.length());
      String shown =
          ruled != null && cells.get(i) instanceof Bold
              ? ruled.string("@|bold " + cell + "|@")
              : cell;
      padded.add(columns.get(i).toTheRight() ? padding + shown : shown + padding);
    }
    String line = String.join(GAP, padded);
    text.append(ruled == null ? (GAP + line).stripTrailing() : line).append('\n');
  }
}
