package dev.turnout.model.cost;

import org.jspecify.annotations.Nullable;

/**
 * What answers are expected to take, learnt from those that were recorded. Tokens of the answer are
 * what an LLM's prices are multiplied with, so that a new price holds at once; costs in USD serve
 * where prices are not known, and grow with the text, since a longer prompt costs more.
 *
 * @param usd costs in USD; null when none were recorded
 * @param outputTokens lengths of answers in tokens; null when none were recorded
 */
public record CostHead(@Nullable CellAmounts usd, @Nullable CellAmounts outputTokens) {

  /** A head of what is known; null when nothing is. */
  public static @Nullable CostHead of(
      @Nullable CellAmounts usd, @Nullable CellAmounts outputTokens) {
    CellAmounts money = usd == null || usd.known() == 0 ? null : usd;
    CellAmounts tokens = outputTokens == null || outputTokens.known() == 0 ? null : outputTokens;
    return money == null && tokens == null ? null : new CostHead(money, tokens);
  }

  /**
   * The same for another list of LLMs; null when nothing is known of them.
   *
   * @param from position of each LLM here; -1 for one that is unknown
   */
  public @Nullable CostHead withLlms(int[] from) {
    return of(
        usd == null ? null : usd.withLlms(from),
        outputTokens == null ? null : outputTokens.withLlms(from));
  }

  /**
   * The same, with what another head says of LLMs that are unknown here.
   *
   * @param other of the same cells and LLMs; null for none
   */
  public CostHead or(@Nullable CostHead other) {
    return other == null
        ? this
        : new CostHead(either(usd, other.usd), either(outputTokens, other.outputTokens));
  }

  /**
   * Does nothing if this is of so many cells and LLMs.
   *
   * @throws IllegalArgumentException if it is not
   */
  public void requireFit(int cells, int llms) {
    requireFit(usd, cells, llms);
    requireFit(outputTokens, cells, llms);
  }

  private static void requireFit(@Nullable CellAmounts amounts, int cells, int llms) {
    if (amounts != null && (amounts.deviations().rows() != cells || amounts.size() != llms)) {
      throw new IllegalArgumentException(
          "expected costs are of "
              + amounts.deviations().rows()
              + " cells and "
              + amounts.size()
              + " LLMs, the model has "
              + cells
              + " and "
              + llms);
    }
  }

  private static @Nullable CellAmounts either(
      @Nullable CellAmounts first, @Nullable CellAmounts second) {
    if (first == null) {
      return second;
    }
    return second == null ? first : first.or(second);
  }
}
