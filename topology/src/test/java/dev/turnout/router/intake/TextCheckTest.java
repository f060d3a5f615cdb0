package dev.turnout.router.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.topic.DeadLetterReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextCheckTest {
  private final TextCheck check = new TextCheck(1_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How many apples?",
        "多少个苹果？",
        "tab\tand\nnewlines\r\nare text",
        "🙂🙂🙂",
        "one stray \u0000 in a longer text is forgiven"
      })
  void shouldPassText(String text) {
    assertThat(check.refusal(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t ", "\u2003"})
  void shouldRefuseBlankText(String text) {
    assertThat(check.refusal(text))
        .extracting(letter -> letter.reason())
        .isEqualTo(DeadLetterReason.EMPTY_TEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\u0003PNG",
        "\ufffd\ufffd\ufffd\ufffd broken",
        "\u0080\u0081\u0082\u0083"
      })
  void shouldRefuseWhatIsNoText(String text) {
    assertThat(check.refusal(text))
        .extracting(letter -> letter.reason())
        .isEqualTo(DeadLetterReason.NOT_TEXT);
  }

  @Test
  void shouldCountBytesOfUtf8() {
    assertThat(check.refusal("é".repeat(500))).isNull();
    assertThat(check.refusal("é".repeat(501)))
        .extracting(letter -> letter.reason())
        .isEqualTo(DeadLetterReason.TOO_LARGE);
    assertThat(check.refusal("🙂".repeat(250))).isNull();
    assertThat(check.refusal("🙂".repeat(251)))
        .extracting(letter -> letter.detail())
        .asString()
        .contains("1004 bytes")
        .contains("limit is 1000");
  }
}
