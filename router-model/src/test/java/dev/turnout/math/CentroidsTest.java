package dev.turnout.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CentroidsTest {

  @Test
  void shouldMoveToTheWeightedMeanAndStayWhereNothingWeighs() {
    // given two points of the first centroid, a weightless one of the second, none of the third
    float[][] points = {{0, 4}, {4, 0}, {9, 9}};
    float[] weights = {3, 1, 0};
    int[] assigned = {0, 0, 1};
    float[][] centroids = {{7, 7}, {8, 8}, {5, 6}};

    // when
    float[][] moved = Centroids.moved(points, weights, assigned, centroids);

    // then
    assertThat(moved).isDeepEqualTo(new float[][] {{1, 3}, {8, 8}, {5, 6}});
    assertThat(centroids[0]).containsExactly(7, 7);
  }

  @Test
  void shouldMeasureSquaredDistance() {
    assertThat(Vectors.squaredDistance(new float[] {1, 2}, new float[] {4, -2})).isEqualTo(25);
  }
}
