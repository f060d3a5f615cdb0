package dev.turnout.router.decide;

import dev.turnout.control.model.ServingSnapshot;
import dev.turnout.model.RouterModel;
import org.jspecify.annotations.Nullable;

/** The latest lineups, of the serving model and of the one on trial. Confined to one thread. */
final class CandidateTables {
  private CandidateTable served = CandidateTable.of(ServingSnapshot.nothing(), null);
  private CandidateTable canary = served;

  /** The lineup under a model of what is served; laid out anew only after a change. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  CandidateTable of(ServingSnapshot serving, @Nullable RouterModel model) {
    if (model != null && model == serving.canary()) {
      if (!canary.isOf(serving, model)) {
        canary = CandidateTable.of(serving, model);
      }
      return canary;
    }
    if (!served.isOf(serving, model)) {
      served = CandidateTable.of(serving, model);
    }
    return served;
  }
}
