package dev.turnout.grader.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.grader.Judgement;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class CheckProperties {

  /** Pieces of what LLMs write around numbers and letters, in any order. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "1",
            "23",
            "456",
            ",",
            ".",
            " ",
            "'",
            "-",
            "−",
            "+",
            "e",
            "E9",
            "/",
            "%",
            "$",
            "\\frac{",
            "}{",
            "}",
            "{",
            "\\boxed{",
            "####",
            "answer",
            " is ",
            ":",
            "A",
            "b",
            "(",
            ")",
            "[",
            "]",
            "**",
            "\n",
            "×10^",
            "½",
            "\uD83D",
            "<think>",
            "</think>",
            "\"",
            "\\",
            "999999999999")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 300)
  void shouldNeverThrowOnWhateverAnswersAndExpectationsAre(
      @ForAll("texts") String answer, @ForAll("texts") String expected) {
    requireReward(new ExactCheck().of(answer, expected));
    requireReward(new NumericCheck(1e-6).of(answer, expected));
    requireReward(new ChoiceCheck().of(answer, expected));
  }

  @Property(tries = 300)
  void shouldNeverThrowOnAnyText(@ForAll String answer, @ForAll String expected) {
    requireReward(new ExactCheck().of(answer, expected));
    requireReward(new NumericCheck(1e-6).of(answer, expected));
    requireReward(new ChoiceCheck().of(answer, expected));
    requireReward(new JsonSchemaCheck().of(answer, "{\"type\":\"object\"}"));
  }

  @Property(tries = 300)
  void shouldFindEveryTextEqualToItself(@ForAll("texts") String text) {
    assertThat(new ExactCheck().of(text, text).orElseThrow().reward()).isEqualTo(1);
  }

  @Property(tries = 300)
  void shouldReadNumbersHoweverTheyAreGrouped(
      @ForAll @LongRange(min = -1_000_000_000, max = 1_000_000_000) long cents) {
    String english = String.format(Locale.ROOT, "%,.2f", cents / 100.0);
    String continental = english.replace(',', '_').replace('.', ',').replace('_', '.');

    for (String written :
        new String[] {english, continental, english + ".", "**" + english + "**"}) {
      assertThat(
              new NumericCheck(1e-9)
                  .of("It is " + written, String.format(Locale.ROOT, "%.2f", cents / 100.0))
                  .orElseThrow()
                  .reward())
          .as(written)
          .isEqualTo(1);
    }
  }

  @Property(tries = 300)
  void shouldBoundWhatAnyPatternTakes(@ForAll("texts") String pattern) {
    try {
      assertThat(BoundedPattern.of(pattern).matcher("some text").find()).isIn(true, false);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("pattern");
    }
  }

  private static void requireReward(Optional<Judgement> judgement) {
    assertThat(judgement.map(Judgement::reward).orElse(0.0)).isBetween(0.0, 1.0);
  }
}
