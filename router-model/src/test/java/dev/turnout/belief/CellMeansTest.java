package dev.turnout.belief;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CellMeansTest {
  @Test
  void shouldShrinkACellToItsLlm() {
    // given
    CellMeans.Sums sums = new CellMeans.Sums(2, 1);
    sums.add(new int[] {0}, 0, 100, 1);
    sums.add(new int[] {1}, 0, 300, 1);

    // when
    CellMeans means = sums.means();

    // then a cell counts 20 answers of the LLM's mean
    assertThat(means.overall()).containsExactly(200);
    assertThat(means.of(new int[] {0}, 0)).isEqualTo((100 + 20 * 200) / 21.0);
    assertThat(means.of(new int[] {1}, 0)).isEqualTo((300 + 20 * 200) / 21.0);
  }

  @Test
  void shouldNotBeMovedByAnAnswerThatRanAway() {
    CellMeans.Sums sums = new CellMeans.Sums(1, 2);
    for (int i = 0; i < 30; i++) {
      sums.add(new int[] {0}, 0, i == 7 ? 10_000_000 : 100, 1);
      sums.add(new int[] {0}, 1, 9_000, 1);
    }
    sums.add(new int[] {0}, 0, Double.NaN, 1);

    assertThat(sums.means().overall()).containsExactly(100, 9_000);
  }
}
