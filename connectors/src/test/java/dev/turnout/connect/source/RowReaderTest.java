package dev.turnout.connect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {
  private static final int LONGEST = 100;

  @TempDir private Path folder;

  @Test
  void shouldWaitForTheEndOfALineThatIsBeingWritten() throws Exception {
    // given
    Path file = write("one\ntw");
    try (RowReader reader = new RowReader(file, 0, 1, false, LONGEST)) {
      // when
      RawRow first = Objects.requireNonNull(reader.next(false));
      @Nullable RawRow none = reader.next(false);
      Files.writeString(file, "o\n", StandardOpenOption.APPEND);
      RawRow second = Objects.requireNonNull(reader.next(false));

      // then
      assertThat(text(first)).isEqualTo("one\n");
      assertThat(none).isNull();
      assertThat(text(second)).isEqualTo("two\n");
      assertThat(second.position()).isEqualTo(4);
      assertThat(second.line()).isEqualTo(2);
      assertThat(second.end()).isEqualTo(8);
    }
  }

  @Test
  void shouldTakeALastLineWithoutEndWhenTheFileIsSettled() throws Exception {
    // given
    Path file = write("one\ntwo");

    // when
    List<RawRow> rows = all(file, false, true);

    // then
    assertThat(rows).extracting(RowReaderTest::text).containsExactly("one\n", "two");
  }

  @Test
  void shouldKeepTheLinesOfAQuotedCellTogether() throws Exception {
    // given
    Path file = write("a,\"x\ny \"\"z\"\"\"\nb,c\n");

    // when
    List<RawRow> rows = all(file, true, false);

    // then
    assertThat(rows)
        .extracting(RowReaderTest::text)
        .containsExactly("a,\"x\ny \"\"z\"\"\"\n", "b,c\n");
    assertThat(rows.get(1).line()).isEqualTo(3);
  }

  @Test
  void shouldGoOnBehindALineThatIsTooLong() throws Exception {
    // given
    String huge = "x".repeat(300_000);
    Path file = write(huge + "\nshort\n");

    // when
    List<RawRow> rows = all(file, false, false);

    // then
    assertThat(rows.get(0).problem()).contains("longer than 100 bytes", "row.max.bytes");
    assertThat(rows.get(0).bytes()).hasSize(1024);
    assertThat(rows.get(0).end()).isEqualTo(300_001);
    assertThat(text(rows.get(1))).isEqualTo("short\n");
    assertThat(rows.get(1).line()).isEqualTo(2);
    assertThat(rows.get(1).position()).isEqualTo(300_001);
  }

  @Test
  void shouldGoOnWithTheNextLineBehindAQuoteThatNobodyCloses() throws Exception {
    // given
    StringBuilder text = new StringBuilder("a,\"open\n");
    for (int i = 0; i < 50; i++) {
      text.append("row,").append(i).append('\n');
    }
    Path file = write(text.toString());

    // when
    List<RawRow> rows = all(file, true, true);

    // then
    assertThat(rows).hasSize(51);
    assertThat(rows.get(0).problem()).contains("quote");
    assertThat(text(rows.get(0))).isEqualTo("a,\"open\n");
    assertThat(rows.subList(1, 51)).allMatch(row -> row.problem() == null);
  }

  private static List<RawRow> all(Path file, boolean quoted, boolean settled) throws Exception {
    List<RawRow> rows = new ArrayList<>();
    try (RowReader reader = new RowReader(file, 0, 1, quoted, LONGEST)) {
      for (RawRow row = reader.next(settled); row != null; row = reader.next(settled)) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static String text(RawRow row) {
    return new String(row.bytes(), StandardCharsets.UTF_8);
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("rows"), text);
  }
}
