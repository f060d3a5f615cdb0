package dev.turnout.app.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class TextTableTest {

  @Test
  void shouldAlignColumnsAndNumbers() {
    // when
    String text = new TextTable("name", ">n").row("a", 7).row("long name", 123).text();

    // then
    assertThat(text.lines())
        .containsExactly("  name         n", "  a            7", "  long name  123");
  }

  @Test
  void shouldRuleUnderTheHeadAndBetweenParts() {
    // given
    TextTable table = TextTable.ruled(Ansi.ON, "router", "ID");
    table.row("ours", new TextTable.Bold("58.10"));
    table.rule();
    table.row("oracle", "7");

    // when
    String text = table.text();

    // then
    assertThat(text.replaceAll("\u001b\\[[0-9;]*m", "").lines())
        .containsExactly(
            "router     ID", "─────────────", "ours    58.10", "─────────────", "oracle      7");
    assertThat(text).contains(Ansi.ON.string("@|bold router|@"), Ansi.ON.string("@|bold 58.10|@"));
  }

  @Test
  void shouldRefuseARowOfAnotherWidth() {
    assertThatThrownBy(() -> new TextTable("a", "b").row("only one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only one");
  }

  @Test
  void shouldWriteNumbersThatJsonDoesNotKnowAsNull() {
    assertThat(JsonLine.text(Map.of("values", List.of(1.5, Double.NaN))))
        .isEqualTo("{\"values\":[1.5,null]}");
  }

  @Test
  void shouldSayEveryCauseOnceAndOnOneLine() {
    // given
    RuntimeException failure =
        new CommandFailure(
            "a.model cannot be read", new IllegalStateException("disk\n is full", new Error()));

    // then
    assertThat(ErrorReport.describe(failure))
        .isEqualTo("a.model cannot be read: disk is full: error");
    assertThat(ErrorReport.describe(new RuntimeException("x: y", new Error("y"))))
        .isEqualTo("x: y");
    assertThat(
            ErrorReport.describe(
                new RuntimeException(
                    "a.jsonl line 3: cut off", new Error("cut off\n at column 7"))))
        .isEqualTo("a.jsonl line 3: cut off");
  }
}
