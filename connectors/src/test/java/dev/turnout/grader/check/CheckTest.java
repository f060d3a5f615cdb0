package dev.turnout.grader.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.grader.GradableOutcomes;
import dev.turnout.grader.Judgement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {
  private static final Check EXACT = new ExactCheck();
  private static final Check NUMERIC = new NumericCheck(1e-6);
  private static final Check CHOICE = new ChoiceCheck();

  private static boolean right(Check check, String answer, String expected) {
    Optional<Judgement> judgement =
        check.of(answer.replace("\\n", "\n"), expected.replace("\\n", "\n"));
    assertThat(judgement)
        .map(Judgement::comment)
        .hasValueSatisfying(c -> assertThat(c).isNotBlank());
    return judgement.orElseThrow().reward() == 1;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "42; 42",
        "The  ANSWER; the answer",
        "**42**; 42",
        "`42`; 42",
        "\"Paris\".; paris",
        "cafe\u0301; caf\u00e9",
        "STRASSE; straße",
        "Paris; [\"Rome\", \"Paris\"]",
        "[1; [1",
        "東京。; 東京",
        "...; ...",
      })
  void shouldFindTextsEqualUpToForm(String answer, String expected) {
    assertThat(right(EXACT, answer, expected)).isTrue();
  }

  @Test
  void shouldTellOtherTextsApart() {
    assertThat(right(EXACT, "41", "42")).isFalse();
    assertThat(right(EXACT, "", "42")).isFalse();
    assertThat(right(EXACT, "It is 42", "42")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "42; 42",
        "6 times 7 is 42.; 42",
        "The answer is 42, since 6 times 7 makes it.; 42",
        "#### 42; 42",
        "So \\boxed{42} and not 43; 42",
        "\\boxed{\\frac{3}{4}}; 0.75",
        "It is 3/4; 0.75",
        "1,234.5; 1234.5",
        "1.234,5; 1234.5",
        "1 234,5; 1234.5",
        "1'234.5; 1234.5",
        "8,5; 8.5",
        "1,234; 1234",
        "12,34,567; 1234567",
        "$1,200.00; 1200",
        "-$5; -5",
        "\u22125; -5",
        "x = -5; -5",
        "from 3-5; 5",
        "50%; 0.5",
        "50 %; 50",
        "3 \\times 10^{8}; 300000000",
        "3 × 10^8 m/s; 3e8",
        "2.5e-3; 0.0025",
        ".5; 0.5",
        "1{,}000; 1000",
        "Antwort: 42\\n(in 7 Schritten); 42",
        "答案是42，共7步; 42",
        "42; [41, 42]",
        "99.99999999; 100",
        "0; 0",
      })
  void shouldFindNumbersEqual(String answer, String expected) {
    assertThat(right(NUMERIC, answer, expected)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"41; 42", "none; 42", "4.2; 42", "99; 100", "0.0001; 0", "12345; 1234"})
  void shouldTellOtherNumbersApart(String answer, String expected) {
    assertThat(right(NUMERIC, answer, expected)).isFalse();
  }

  @Test
  void shouldHaveNoOpinionOnWhatItCannotCompareWith() {
    assertThat(NUMERIC.of("42", "Paris")).isEmpty();
    assertThat(NUMERIC.of("42", "2024-11-26")).isEmpty();
    assertThat(CHOICE.of("B", "42")).isEmpty();
    assertThat(CHOICE.of("B", "Paris")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "B; B",
        "b; B",
        "(B); b",
        "**B**; B",
        "B.; B",
        "**(B)** since A is wrong; B",
        "B) Paris; B",
        "B: Paris; B",
        "Answer: B; B",
        "The answer is B.; B",
        "The answer is (B), not (A).; B",
        "The correct option is **B**; B",
        "Let us see. A is wrong.\\nAnswer: B; B",
        "First I thought the answer is A, but the answer is B; B",
        "\\boxed{B}; B",
        "\\boxed{\\text{B}}; B",
        "Antwort: B; B",
        "La réponse est B; B",
        "La respuesta correcta: (B); B",
        "答案是B; B",
        "答案：B; B",
        "正解はB; B",
        "It must be (B).; B",
        "I choose option B; B",
        "B; [\"A\", \"B\"]",
      })
  void shouldFindTheLetterThatIsChosen(String answer, String expected) {
    assertThat(right(CHOICE, answer, expected)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "The answer is A",
        "A cat has four legs",
        "Either (A) or (B)",
        "I do not know",
        "The answer is a matter of taste",
        ""
      })
  void shouldNotTakeAnythingElseForB(String answer) {
    assertThat(right(CHOICE, answer, "B")).isFalse();
  }

  @Test
  void shouldFindPatterns() {
    Check regex = new RegexCheck();

    assertThat(right(regex, "call 555-1234 now", "\\b\\d{3}-\\d{4}\\b")).isTrue();
    assertThat(right(regex, "call me", "\\d")).isFalse();
    assertThat(
            right(
                regex,
                "123e4567-e89b-12d3-a456-426614174000",
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"))
        .isTrue();
    // a pattern that takes for ever elsewhere
    assertThat(right(regex, "a".repeat(100_000) + "!", "^(a+)+$")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(?=x)", "\\1", "(((a{1000}){1000}){1000})", "((a|b){999}){999}"})
  void shouldRefusePatternsThatAreNoneOrTooLarge(String pattern) {
    assertThatThrownBy(() -> new RegexCheck().of("a", pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pattern");
  }

  @Test
  void shouldTakeOutThinking() {
    assertThat(Thinking.without("<think>a</think>b")).isEqualTo("b");
    assertThat(Thinking.without("a</think>b")).isEqualTo("b");
    assertThat(Thinking.without("a<Thinking >b</thinking>c<think>d")).isEqualTo("ac");
    assertThat(Thinking.without("<think>a<think>b</think>c</think>d")).isEqualTo("d");
    assertThat(Thinking.without("a < b")).isEqualTo("a < b");
  }

  @Test
  void shouldGradeAnswersOfWhichSomethingIsExpected() {
    try (CheckGrader grader = new CheckGrader(EXACT, new ExpectedText("turnout.expected", null));
        CheckGrader always = new CheckGrader(EXACT, new ExpectedText("other", "42"))) {
      Map<String, String> query = Map.of("turnout.expected", "42");

      assertThat(
              grader.grade(GradableOutcomes.answer("<think>41?</think>42", query).build()).join())
          .map(Judgement::reward)
          .contains(1.0);
      assertThat(grader.grade(GradableOutcomes.answer("42", Map.of()).build()).join()).isEmpty();
      assertThat(always.grade(GradableOutcomes.answer("42", Map.of()).build()).join()).isPresent();
    }
  }
}
