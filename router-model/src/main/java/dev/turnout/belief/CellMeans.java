package dev.turnout.belief;

import dev.turnout.math.Outliers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decayed means of what answers took, for every LLM over all cells and in every cell. A cell's mean
 * is shrunk to the LLM's own, so that a cell with few answers says what the LLM says.
 *
 * @param overall {@code double[llms]}; NaN for an LLM of which nothing is known
 * @param perCell {@code double[cells][llms]}; NaN for the same LLMs
 */
public record CellMeans(double[] overall, double[][] perCell) {
  /** Answers by which a cell's mean is shrunk. */
  private static final double SHRINKAGE = 20;

  /** The same mean in every cell. */
  public static CellMeans alike(double[] overall, int cells) {
    double[][] perCell = new double[cells][];
    Arrays.fill(perCell, overall);
    return new CellMeans(overall, perCell);
  }

  /** Nothing of any LLM. */
  public static CellMeans unknown(int cells, int llms) {
    double[] overall = new double[llms];
    Arrays.fill(overall, Double.NaN);
    return alike(overall, cells);
  }

  /** Whether nothing is known of any LLM. */
  public boolean isUnknown() {
    return Arrays.stream(overall).allMatch(Double::isNaN);
  }

  /**
   * The mean for a query; what its cells say is averaged.
   *
   * @param cells the query's cells as {@link dev.turnout.model.Scores#cells} gives them
   */
  public double of(int[] cells, int llm) {
    if (cells.length == 0) {
      return perCell[0][llm];
    }
    double sum = 0;
    for (int cell : cells) {
      sum += perCell[cell][llm];
    }
    return sum / cells.length;
  }

  /** True when every number is bit-equal. */
  boolean sameAs(CellMeans other) {
    return Arrays.equals(overall, other.overall) && Arrays.deepEquals(perCell, other.perCell);
  }

  /** Weighted sums on the way to means; what outliers take is cut to what others take. */
  static final class Sums {
    private final List<List<CellValue>> taken = new ArrayList<>();
    private final double[] sum;
    private final double[] weight;
    private final double[][] cellSum;
    private final double[][] cellWeight;

    private record CellValue(int[] cells, double value, double counts) {}

    Sums(int cells, int llms) {
      for (int a = 0; a < llms; a++) {
        taken.add(new ArrayList<>());
      }
      this.sum = new double[llms];
      this.weight = new double[llms];
      this.cellSum = new double[cells][llms];
      this.cellWeight = new double[cells][llms];
    }

    /**
     * Adds what one answer took.
     *
     * @param value left out unless finite
     */
    void add(int[] cells, int llm, double value, double counts) {
      if (Double.isFinite(value)) {
        taken.get(llm).add(new CellValue(cells, value, counts));
      }
    }

    private void addUp() {
      for (int a = 0; a < sum.length; a++) {
        List<CellValue> own = taken.get(a);
        double limit = Outliers.limit(own.stream().mapToDouble(CellValue::value).toArray());
        for (CellValue each : own) {
          double value = Math.min(limit, each.value());
          sum[a] += each.counts() * value;
          weight[a] += each.counts();
          for (int cell : each.cells()) {
            cellSum[cell][a] += each.counts() * value;
            cellWeight[cell][a] += each.counts();
          }
        }
      }
    }

    CellMeans means() {
      addUp();
      double[] overall = new double[sum.length];
      double[][] perCell = new double[cellSum.length][sum.length];
      for (int a = 0; a < overall.length; a++) {
        overall[a] = weight[a] == 0 ? Double.NaN : sum[a] / weight[a];
        for (int c = 0; c < perCell.length; c++) {
          perCell[c][a] = (cellSum[c][a] + SHRINKAGE * overall[a]) / (cellWeight[c][a] + SHRINKAGE);
        }
      }
      return new CellMeans(overall, perCell);
    }
  }
}
