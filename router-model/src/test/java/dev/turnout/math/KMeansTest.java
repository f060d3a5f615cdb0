package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KMeansTest {

  @Test
  void shouldMoveToTheWeightedMeanAndStayWhereNothingWeighs() {
    // given two points of the first centroid, a weightless one of the second, none of the third
    float[][] points = {{0, 4}, {4, 0}, {9, 9}};
    float[] weights = {3, 1, 0};
    int[] assigned = {0, 0, 1};
    float[][] centroids = {{7, 7}, {8, 8}, {5, 6}};

    // when
    float[][] moved = KMeans.moved(points, weights, assigned, centroids);

    // then
    assertThat(moved).isDeepEqualTo(new float[][] {{1, 3}, {8, 8}, {5, 6}});
    assertThat(centroids[0]).containsExactly(7, 7);
  }

  @Test
  void shouldPutEachPointIntoTheClusterOfItsNeighbours() {
    // given two heaps, one of them of equal points
    float[][] points = {{0, 0}, {0, 1}, {9, 9}, {9, 9}, {1, 0}};

    // when
    KMeans means = KMeans.fit(points, 2, 20, StartDraw.proportional(new SplittableRandom(1)));
    int[] assigned = means.assign(points);

    // then
    assertThat(assigned[1]).isEqualTo(assigned[0]).isNotEqualTo(assigned[2]);
    assertThat(KMeans.members(assigned, 2)[assigned[0]]).containsExactly(0, 1, 4);
    assertThat(means.centroids()[assigned[2]]).containsExactly(9, 9);
    assertThat(means.assign(new float[0][])).isEmpty();
  }

  @Test
  void shouldMakeOneStartOfEqualPointsWhenDrawnInProportion() {
    // given
    float[][] points = {{2, 2}, {2, 2}, {2, 2}};

    // then
    assertThat(
            KMeans.fit(points, 3, 20, StartDraw.proportional(new SplittableRandom(1))).centroids())
        .isDeepEqualTo(new float[][] {{2, 2}});
    assertThat(KMeans.fit(points, 3, 20, StartDraw.fromAnyPoint(new Random(1))).centroids())
        .hasNumberOfRows(3);
  }
}
