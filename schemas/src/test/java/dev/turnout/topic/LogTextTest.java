package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {

  @Test
  void shouldLeaveHarmlessTextAsItIs() {
    String id = "query-7/früh 😀";

    assertThat(LogText.of(id)).isSameAs(id);
  }

  @Test
  void shouldKeepForgedEventsOnOneLine() {
    // given
    String forged = "q\r\n12:00:00.000 ERROR Router [main] model lost\u2028\u0085\u000b\u001b[31m";

    // when
    String shown = LogText.of(forged);

    // then
    assertThat(shown.lines()).hasSize(1);
    assertThat(shown).startsWith("q\\r\\n12:00").endsWith("lost\\u2028\\u0085\\u000b\\u001b[31m");
  }

  @ParameterizedTest
  @CsvSource({"a\"b, a\\\"b", "a\\nb, a\\\\nb"})
  void shouldKeepValuesInTheirQuotes(String text, String shown) {
    assertThat(LogText.of(text)).isEqualTo(shown);
  }

  @Test
  void shouldEscapeWhatTurnsTheDirectionOfText() {
    assertThat(LogText.of("a\u202eb")).isEqualTo("a\\u202eb");
  }

  @Test
  void shouldEscapeHalfCharacters() {
    assertThat(LogText.of("a\ud83d")).isEqualTo("a\\ud83d");
    assertThat(LogText.of("\ude00b")).isEqualTo("\\ude00b");
  }

  @Test
  void shouldShowQuotesOnATerminalButNothingThatMovesItsCursor() {
    assertThat(LogText.visible("plain \"quoted\" C:\\x 😀")).isEqualTo("plain \"quoted\" C:\\x 😀");
    assertThat(LogText.visible("a\u001b[31mred\nline\u202e"))
        .isEqualTo("a\\u001b[31mred\\nline\\u202e");
  }
}
