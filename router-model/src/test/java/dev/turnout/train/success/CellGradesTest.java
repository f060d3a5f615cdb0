package dev.turnout.train.success;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CellGradesTest {
  private static final double[] FIRST = {1, 1, 0, 0};
  private static final double[] SECOND = {0, 0, 1, 1};

  @Test
  void shouldWeighChanceAgainstWhatCellsDiffer() {
    // By hand: cell means 3 and -3; squared deviations sum to 4 with 2 degrees of freedom, so that
    // a grade varies by 2. Squared means sum to 36 over the grades, of which chance makes 4, so
    // that
    // cells differ by 32 / 4.
    double[] target = {2, 4, -2, -4};

    assertThat(shrinkage(target, FIRST, SECOND)).isCloseTo(2.0 / 8, within(1e-12));
  }

  @Test
  void shouldLeaveMissingGradesOut() {
    double[] target = {2, 4, Double.NaN, -2, -4};
    double[] first = {1, 1, 1, 0, 0};
    double[] second = {0, 0, 0, 1, 1};

    assertThat(shrinkage(target, first, second)).isCloseTo(2.0 / 8, within(1e-12));
    assertThat(CellGrades.of(target, first).mean(0, 0)).isCloseTo(3, within(1e-12));
  }

  @Test
  void shouldNotDependOnTheScaleOfWeights() {
    double[] target = {2, 4, -2, -4};
    double[] first = {3, 3, 0, 0};

    double grades = shrinkage(target, first, new double[] {0, 0, 3, 3});

    assertThat(grades).isCloseTo(2.0 / 8, within(1e-12));
    assertThat(CellGrades.of(target, FIRST).mean(grades, 0)).isCloseTo(6 / 2.25, within(1e-12));
    assertThat(CellGrades.of(target, first).mean(grades, 0)).isCloseTo(6 / 2.25, within(1e-12));
  }

  @Test
  void shouldShrinkByNoLessThanWasAsked() {
    CellGrades cell = CellGrades.of(new double[] {2, 4}, new double[] {1, 1});

    assertThat(cell.mean(0.25, 20)).isCloseTo(6.0 / 22, within(1e-12));
  }

  @Test
  void shouldShrinkTheMostWhereCellsDifferByChance() {
    double[] alike = {1, -1, 1, -1};
    double[] hardlyApart = {11, -9, 9, -11};

    assertThat(shrinkage(alike, FIRST, SECOND)).isEqualTo(CellGrades.MOST_SHRINKAGE);
    assertThat(shrinkage(hardlyApart, FIRST, SECOND)).isEqualTo(CellGrades.MOST_SHRINKAGE);
  }

  @Test
  void shouldNotShrinkWhereNoCellHasTwoGrades() {
    assertThat(shrinkage(new double[] {1, -1}, new double[] {1, 0}, new double[] {0, 1})).isZero();
  }

  @Test
  void shouldFindTheRatioOfVariancesThatMadeTheGrades() {
    SplittableRandom random = new SplittableRandom(1);
    int grades = 25;
    double[] target = new double[400 * grades];
    double[][] membership = new double[400][target.length];
    for (int c = 0; c < membership.length; c++) {
      double mean = 0.125 * random.nextGaussian();
      for (int i = c * grades; i < (c + 1) * grades; i++) {
        membership[c][i] = 1;
        target[i] = mean + 0.5 * random.nextGaussian();
      }
    }

    assertThat(shrinkage(target, membership)).isCloseTo(16, within(3.0));
  }

  private static double shrinkage(double[] target, double[]... membership) {
    CellGrades[][] cells = new CellGrades[1][membership.length];
    for (int c = 0; c < membership.length; c++) {
      cells[0][c] = CellGrades.of(target, membership[c]);
    }
    return CellGrades.shrinkage(cells);
  }
}
