package dev.turnout.lab.baseline;

/** The same row for every query. */
final class Constant {
  private Constant() {}

  static double[][] rows(int count, double[] row) {
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row.clone();
    }
    return rows;
  }
}
