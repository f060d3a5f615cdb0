package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewcomersTest {
  private static final int NEWCOMER = 2;

  /** Samples of two LLMs in turn, but for the third one's at some positions. */
  private static int[] samples(int count, int... positions) {
    int[] llm = new int[count];
    for (int i = 0; i < count; i++) {
      llm[i] = i % 2;
    }
    for (int position : positions) {
      llm[position] = NEWCOMER;
    }
    return llm;
  }

  @Test
  void shouldNotTakeALongKnownLlmForNewThoughItIsHardlyEverChosen() {
    // given a window that slid so that its two grades are beyond the first 1,000 samples
    double[] variance = Newcomers.variance(samples(10_000, 6_000, 9_000), 3);

    assertThat(variance).containsOnly(0);
  }

  @Test
  void shouldDoubtAnLlmUntilItsFirstGradeIsLongAgo() {
    double early = Newcomers.variance(samples(10_000, 6_001, 9_000), 3)[NEWCOMER];
    double late = Newcomers.variance(samples(10_000, 9_000, 9_001), 3)[NEWCOMER];

    assertThat(early).isBetween(0.08, 0.09);
    assertThat(late).isEqualTo(early);
  }

  @Test
  void shouldDoubtAnLlmThatWasNeverGradedHoweverLongTheWindow() {
    double[] variance = Newcomers.variance(samples(20_000), 3);

    assertThat(variance[NEWCOMER]).isEqualTo(0.3 * 0.3);
    assertThat(variance).startsWith(0, 0);
  }

  @Test
  void shouldTakeEveryLlmOfTheFirstSamplesForOneThatWasThere() {
    assertThat(Newcomers.variance(samples(1_500, 999), 3)[NEWCOMER]).isZero();
    assertThat(Newcomers.variance(samples(1_500, 1_000), 3)[NEWCOMER]).isPositive();
  }

  @Test
  void shouldDoubtNobodyBeforeThereAreEnoughSamples() {
    assertThat(Newcomers.variance(samples(999), 3)).containsOnly(0);
  }
}
