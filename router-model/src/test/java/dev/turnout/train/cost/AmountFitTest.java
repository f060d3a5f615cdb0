package dev.turnout.train.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.model.cost.CellAmounts;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class AmountFitTest {
  private static final int CELLS = 4;
  private static final int LLMS = 3;
  private static final Percentage CLOSE = Percentage.withPercentage(5);

  @Test
  void shouldFindWhatEachLlmTakesInEachCell() {
    // given answers that vary by half of what they take
    SplittableRandom random = new SplittableRandom(1);
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      int cell = random.nextInt(CELLS);
      int llm = random.nextInt(LLMS);
      double noise = 1 + 0.5 * (2 * random.nextDouble() - 1);
      answers.add(answer(cell, llm, tokens(cell, llm) * noise));
    }

    // when
    CellAmounts amounts = new AmountFit(CELLS, LLMS).alike(answers);

    // then
    for (int cell = 0; cell < CELLS; cell++) {
      for (int llm = 0; llm < LLMS; llm++) {
        assertThat(amounts.expected(new int[] {cell}, llm, Double.NaN))
            .isCloseTo(tokens(cell, llm), CLOSE);
      }
    }
  }

  @Test
  void shouldFindWhatACharacterCosts() {
    // given longer texts in cells with longer answers, which are no effect of the text
    SplittableRandom random = new SplittableRandom(2);
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      int cell = random.nextInt(CELLS);
      double characters = 400 * (cell + 1) + random.nextInt(400);
      double usd = 1e-6 * characters + 1e-3 * (cell + 1) * (0.5 + random.nextDouble());
      answers.add(new MeasuredAnswer(new int[] {cell}, 0, usd, characters, 1));
    }

    // when
    CellAmounts amounts = new AmountFit(CELLS, 1).priced(answers);

    // then
    assertThat(amounts.perCharacter(0)).isCloseTo(1e-6, Percentage.withPercentage(10));
    assertThat(amounts.expected(new int[] {2}, 0, 2_000)).isCloseTo(2e-3 + 3e-3, CLOSE);
    assertThat(amounts.expected(new int[] {2}, 0, 20_000)).isGreaterThan(0.018);
  }

  @Test
  void shouldSeeNoPriceOfTextsInChance() {
    SplittableRandom random = new SplittableRandom(3);
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(
          new MeasuredAnswer(new int[] {0}, 0, random.nextDouble(), random.nextInt(500), 1));
    }

    CellAmounts amounts = new AmountFit(1, 1).priced(answers);

    assertThat(amounts.expected(new int[] {0}, 0, 500)).isCloseTo(0.5, within(0.2));
  }

  @Test
  void shouldTakeFromAllLlmsWhatACellTakes() {
    // given a third LLM that nobody has asked in the last cell, where the others take four times
    // what they take elsewhere
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      for (int cell = 0; cell < CELLS; cell++) {
        answers.add(answer(cell, 0, cell == 3 ? 400 : 100));
        answers.add(answer(cell, 1, cell == 3 ? 800 : 200));
        if (cell < 3) {
          answers.add(answer(cell, 2, 70));
        }
      }
    }

    // when
    CellAmounts amounts = new AmountFit(CELLS, LLMS).alike(answers);

    // then cell 3 takes 400 / 175 of an LLM's mean
    assertThat(amounts.expected(new int[] {3}, 2, Double.NaN))
        .isCloseTo(70 * 400 / 175.0, Percentage.withPercentage(10));
    assertThat(amounts.expected(new int[] {0}, 2, Double.NaN)).isCloseTo(70, CLOSE);
  }

  @Test
  void shouldThinkAnLlmWithFewAnswersLikeTheOthers() {
    // given
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(answer(0, 0, 90 + i % 20));
      answers.add(answer(0, 1, 290 + i % 20));
    }
    answers.add(answer(0, 2, 2_000));

    // when
    double few = new AmountFit(1, LLMS).alike(answers).expected(new int[] {0}, 2, Double.NaN);
    for (int i = 0; i < 200; i++) {
      answers.add(answer(0, 2, 2_000));
    }
    double many = new AmountFit(1, LLMS).alike(answers).expected(new int[] {0}, 2, Double.NaN);

    // then
    assertThat(few).isBetween(300.0, 1_600.0);
    assertThat(many).isCloseTo(2_000, CLOSE);
  }

  @Test
  void shouldNotBeMovedByAnAnswerThatRanAway() {
    // given
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(answer(i % CELLS, 0, 100 + i % 7));
    }
    answers.add(answer(1, 0, 10_000_000));

    // when
    CellAmounts amounts = new AmountFit(CELLS, 1).alike(answers);

    // then
    for (int cell = 0; cell < CELLS; cell++) {
      assertThat(amounts.expected(new int[] {cell}, 0, Double.NaN)).isBetween(95.0, 110.0);
    }
  }

  @Test
  void shouldKnowNothingOfLlmsWithoutAnswersAndLeaveOutWhatIsNoAmount() {
    // when
    CellAmounts amounts =
        new AmountFit(CELLS, LLMS)
            .alike(
                List.of(
                    answer(0, 0, 50),
                    answer(0, 1, Double.NaN),
                    answer(0, 1, -1),
                    answer(0, 1, Double.POSITIVE_INFINITY)));

    // then
    assertThat(amounts.expected(new int[] {0}, 0, Double.NaN)).isEqualTo(50);
    assertThat(amounts.expected(new int[] {0}, 1, Double.NaN)).isNaN();
    assertThat(new AmountFit(CELLS, LLMS).priced(List.of()).known()).isZero();
  }

  private static double tokens(int cell, int llm) {
    return 100.0 * (llm + 1) * (cell + 1) + (cell == llm ? 300 : 0);
  }

  private static MeasuredAnswer answer(int cell, int llm, double amount) {
    return new MeasuredAnswer(new int[] {cell}, llm, amount, Double.NaN, 1);
  }
}
