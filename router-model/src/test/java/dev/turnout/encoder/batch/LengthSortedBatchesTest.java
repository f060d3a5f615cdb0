package dev.turnout.encoder.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthSortedBatchesTest {
  @Test
  void shouldPutTextsOfSimilarLengthTogetherWithinTheBudget() {
    List<int[]> batches = LengthSortedBatches.plan(new int[] {10, 90, 12, 100, 11}, 200, 1);

    assertThat(batches).containsExactly(new int[] {3, 1}, new int[] {2, 4, 0});
  }

  @Test
  void shouldGiveATextAboveTheBudgetItsOwnBatch() {
    assertThat(LengthSortedBatches.plan(new int[] {500, 3}, 100, 1))
        .containsExactly(new int[] {0}, new int[] {1});
  }

  @Test
  void shouldPlanNothingForNoTexts() {
    assertThat(LengthSortedBatches.plan(new int[0], 100, 2)).isEmpty();
  }

  @Test
  void shouldCoverEveryTextOnceAndKeepTheBudget() {
    int[] lengths = new Random(3).ints(500, 2, 129).toArray();

    List<int[]> batches = LengthSortedBatches.plan(lengths, 512, 2);

    assertThat(batches.stream().flatMapToInt(IntStream::of).sorted().toArray())
        .isEqualTo(IntStream.range(0, 500).toArray());
    assertThat(batches)
        .allMatch(
            rows ->
                rows.length * IntStream.of(rows).map(row -> lengths[row]).max().orElse(0) <= 512);
  }

  @Test
  void shouldShareFewTextsOutAmongTheLanes() {
    assertThat(LengthSortedBatches.plan(new int[] {20, 20, 20, 20}, 640, 2))
        .containsExactly(new int[] {0, 1}, new int[] {2, 3});
    assertThat(LengthSortedBatches.plan(new int[] {30}, 640, 2)).containsExactly(new int[] {0});
  }
}
