package dev.turnout.router;

import dev.turnout.follow.Serving;
import dev.turnout.model.RouterModel;
import org.jspecify.annotations.Nullable;

/** The latest lineups, of the serving model and of the one on trial. Confined to one thread. */
final class Lineups {
  private Lineup served = Lineup.of(Serving.nothing(), null);
  private Lineup canary = served;

  /** The lineup under a model of what is served; laid out anew only after a change. */
  @SuppressWarnings("ReferenceEquality") // the very object, not its like
  Lineup of(Serving serving, @Nullable RouterModel model) {
    if (model != null && model == serving.canary()) {
      if (!canary.isOf(serving, model)) {
        canary = Lineup.of(serving, model);
      }
      return canary;
    }
    if (!served.isOf(serving, model)) {
      served = Lineup.of(serving, model);
    }
    return served;
  }
}
