package dev.turnout.belief;

import java.util.HashMap;
import java.util.Map;

/**
 * Graded samples as a model sees them, column by column in log order.
 *
 * @param cells number of cells
 * @param llms number of LLMs
 * @param cell each sample's cell, 0..cells-1
 * @param llm each sample's LLM, 0..llms-1
 * @param residual reward minus the model's predicted success
 * @param weight importance of each sample, >= 0
 * @param item index of each sample's question
 * @param items number of distinct questions
 * @param grader index of each sample's grader
 * @param graders number of distinct graders
 */
record Observations(
    int cells,
    int llms,
    int[] cell,
    int[] llm,
    double[] residual,
    double[] weight,
    int[] item,
    int items,
    int[] grader,
    int graders) {

  int size() {
    return cell.length;
  }

  /** These observations with other weights. */
  Observations weighted(double[] other) {
    return new Observations(cells, llms, cell, llm, residual, other, item, items, grader, graders);
  }

  /** The same observations in the cells of another bank. */
  Observations in(int otherCells, int[] otherCell) {
    return new Observations(
        otherCells, llms, otherCell, llm, residual, weight, item, items, grader, graders);
  }

  /** Numbers keys by their first appearance. */
  static final class Numbering<K> {
    private final Map<K, Integer> numbers = new HashMap<>();

    int of(K key) {
      Integer known = numbers.putIfAbsent(key, numbers.size());
      return known == null ? numbers.size() - 1 : known;
    }

    int size() {
      return numbers.size();
    }

    Map<K, Integer> numbers() {
      return numbers;
    }
  }
}
