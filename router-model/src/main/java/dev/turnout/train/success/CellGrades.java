package dev.turnout.train.success;

/**
 * Grades of one target in one cell, and how much their mean is to be trusted. Means of few grades
 * differ by chance, and the highest of many is often just the luckiest, so means are shrunk towards
 * 0, which stands for what holds in all cells.
 *
 * @param mass sum of the grades' weights
 * @param squares sum of their squared weights
 * @param sum weighted sum of the target
 * @param deviation weighted sum of squared deviations from the cell's mean
 */
record CellGrades(double mass, double squares, double sum, double deviation) {
  /** More gained nothing in cross-validation and lost a little on tasks that were left out. */
  static final double MOST_SHRINKAGE = 20;

  /**
   * Counts them.
   *
   * @param target of each query, NaN = missing
   * @param membership how much each query counts in the cell, 0 = not
   */
  static CellGrades of(double[] target, double[] membership) {
    double mass = 0;
    double squares = 0;
    double sum = 0;
    double product = 0;
    for (int i = 0; i < target.length; i++) {
      double weight = membership[i];
      if (weight > 0 && !Double.isNaN(target[i])) {
        mass += weight;
        squares += weight * weight;
        sum += weight * target[i];
        product += weight * target[i] * target[i];
      }
    }
    return new CellGrades(
        mass, squares, sum, mass > 0 ? Math.max(0, product - sum * sum / mass) : 0);
  }

  /**
   * The mean, shrunk towards 0.
   *
   * @param grades that 0 counts as
   * @param least mass that 0 counts as at least
   */
  double mean(double grades, double least) {
    return mass > 0 ? sum / (mass + Math.max(least, grades * oneGrade())) : 0;
  }

  /** Mean weight of a grade, as far as it counts. */
  private double oneGrade() {
    return mass > 0 ? squares / mass : 0;
  }

  /**
   * Grades that 0 counts as beside those of a cell: as many as it takes for chance to vary a mean
   * as much as cells truly differ (one-way random effects, estimated by moments; empirical Bayes,
   * Efron and Morris 1975), at most {@link #MOST_SHRINKAGE}. Targets are taken together, since one
   * alone has too few cells to tell.
   *
   * @param cells {@code [targets][cells]} of one clustering
   * @return 0 or more; the most where cells differ by no more than chance would have them
   */
  static double shrinkage(CellGrades[][] cells) {
    double deviation = 0;
    double free = 0;
    double between = 0;
    double ofChance = 0;
    double mass = 0;
    for (CellGrades[] target : cells) {
      for (CellGrades cell : target) {
        if (cell.mass > 0) {
          deviation += cell.deviation;
          free += cell.mass - cell.oneGrade();
          between += cell.sum * cell.sum / cell.mass;
          ofChance += cell.oneGrade();
          mass += cell.mass;
        }
      }
    }
    if (free <= 0) {
      return 0; // one grade a cell tells nothing of chance
    }
    double within = deviation / free;
    double differing = (between - ofChance * within) / mass;
    return differing > 0 ? Math.min(MOST_SHRINKAGE, within / differing) : MOST_SHRINKAGE;
  }
}
