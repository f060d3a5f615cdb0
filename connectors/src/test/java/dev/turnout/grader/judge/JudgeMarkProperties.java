package dev.turnout.grader.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class JudgeMarkProperties {

  /** Texts of what judges write, in any order. */
  @Provide
  Arbitrary<String> replies() {
    return Arbitraries.of(
            "Mark",
            "mark:",
            ":",
            "：",
            " ",
            "\n",
            "8",
            "8,5",
            "/10",
            "10",
            "%",
            "**",
            "`",
            "<think>",
            "</think>",
            "<",
            ">",
            "-",
            "−",
            "is",
            "score",
            "{",
            "}",
            "\\boxed{",
            "(",
            ")",
            "½",
            "８",
            "\uD83D",
            "e",
            "or",
            "out of",
            "999999999",
            "text",
            "\"",
            "|",
            "\u0000")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 300)
  void shouldNeverThrowAndStayWithinTheScale(@ForAll("replies") String reply) {
    requireWithinScale(JudgeMark.of(reply));
  }

  @Property(tries = 300)
  void shouldNeverThrowOnAnyText(@ForAll String reply) {
    requireWithinScale(JudgeMark.of(reply));
  }

  @Property(tries = 300)
  void shouldReadEveryMarkThatEndsAReply(
      @ForAll("replies") String before, @ForAll @DoubleRange(min = 0, max = 10) double mark) {
    String written = String.format(Locale.ROOT, "%.2f", mark);
    String reply = before.replace("<", "").replace("<think>", "") + "\nMark: " + written;

    assertThat(JudgeMark.of(reply).orElse(Double.NaN))
        .isEqualTo(Double.parseDouble(written) / 10, within(1e-9));
  }

  private static void requireWithinScale(OptionalDouble mark) {
    assertThat(mark.orElse(0)).isBetween(0.0, 1.0);
  }
}
