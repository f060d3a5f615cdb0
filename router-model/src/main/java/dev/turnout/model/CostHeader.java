package dev.turnout.model;

import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CostHead} as the artefact's header holds it: small, and passed over by builds that do
 * not know it.
 */
record CostHeader(@Nullable AmountRows usd, @Nullable AmountRows outputTokens) {

  /** Rows of the matrices of {@link CellAmounts}. */
  record AmountRows(float[][] deviations, float[][] llms) {
    static @Nullable AmountRows of(@Nullable CellAmounts amounts) {
      return amounts == null
          ? null
          : new AmountRows(amounts.deviations().toRows(), amounts.llms().toRows());
    }

    CellAmounts amounts() {
      return new CellAmounts(Matrix.of(deviations), Matrix.of(llms));
    }
  }

  static @Nullable CostHeader of(@Nullable CostHead head) {
    return head == null
        ? null
        : new CostHeader(AmountRows.of(head.usd()), AmountRows.of(head.outputTokens()));
  }

  CostHead head() {
    return new CostHead(
        usd == null ? null : usd.amounts(), outputTokens == null ? null : outputTokens.amounts());
  }
}
