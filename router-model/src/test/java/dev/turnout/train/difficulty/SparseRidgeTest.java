package dev.turnout.train.difficulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.math.Cholesky;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SparseRidgeTest {
  private static final int ROWS = 60;
  private static final int COLUMNS = 5;
  private static final double PENALTY = 3;

  @Test
  void shouldAgreeWithTheNormalEquationsWhereGradesAreMissing() {
    // given sparse rows, weights, and two targets of which one lacks a third of its grades
    SplittableRandom random = new SplittableRandom(3);
    int[][] index = new int[ROWS][];
    float[][] value = new float[ROWS][];
    float[][] target = new float[ROWS][2];
    double[] importance = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      index[i] = random.ints(0, COLUMNS).distinct().limit(2).sorted().toArray();
      value[i] = new float[] {(float) random.nextDouble(), 1};
      target[i][0] = (float) random.nextDouble();
      target[i][1] = i % 3 == 0 ? Float.NaN : (float) random.nextDouble();
      importance[i] = i % 7 == 0 ? 0 : 0.5 + random.nextDouble();
    }
    SparseRows rows = new SparseRows(COLUMNS, index, value);

    // when
    SparseRidge fitted = SparseRidge.fit(rows, target, importance, PENALTY);

    // then
    for (int k = 0; k < 2; k++) {
      double[] exact = exact(rows, target, importance, k);
      for (int c = 0; c < COLUMNS; c++) {
        assertThat(fitted.weights()[c][k]).isCloseTo(exact[c], within(1e-9));
      }
    }
  }

  private static double[] exact(SparseRows rows, float[][] target, double[] importance, int k) {
    double[] mean = new double[COLUMNS + 1];
    double mass = 0;
    double[][] dense = new double[ROWS][COLUMNS + 1];
    double[] weight = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weight[i] = Float.isNaN(target[i][k]) ? 0 : importance[i];
      for (int j = 0; j < rows.index()[i].length; j++) {
        dense[i][rows.index()[i][j]] = rows.value()[i][j];
      }
      dense[i][COLUMNS] = weight[i] == 0 ? 0 : target[i][k];
      mass += weight[i];
      for (int c = 0; c <= COLUMNS; c++) {
        mean[c] += weight[i] * dense[i][c];
      }
    }
    double total = mass;
    double[] centre = Arrays.stream(mean).map(sum -> sum / total).toArray();
    double[][] gram = new double[COLUMNS][COLUMNS];
    double[] moments = new double[COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      for (int c = 0; c < COLUMNS; c++) {
        double left = weight[i] * (dense[i][c] - centre[c]);
        moments[c] += left * (dense[i][COLUMNS] - centre[COLUMNS]);
        for (int d = 0; d < COLUMNS; d++) {
          gram[c][d] += left * (dense[i][d] - centre[d]);
        }
      }
    }
    return Cholesky.of(gram, PENALTY).solve(moments);
  }
}
