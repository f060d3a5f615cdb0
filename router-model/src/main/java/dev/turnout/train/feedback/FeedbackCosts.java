package dev.turnout.train.feedback;

import dev.turnout.belief.GradedSample;
import dev.turnout.model.RouterModel;
import dev.turnout.model.cost.CostHead;
import dev.turnout.train.ModelAssembly;
import dev.turnout.train.cost.CostTraining;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives a model that was trained from logged choices what these choices took. */
final class FeedbackCosts {
  private FeedbackCosts() {}

  /**
   * The model with what samples say of costs; itself where nothing is known.
   *
   * @param samples oldest first
   * @param halfLife samples after which an answer counts half
   * @param from the model whose cells it goes on with, which tells of LLMs that no sample tells of;
   *     null for none
   */
  static RouterModel onto(
      RouterModel trained,
      List<GradedSample> samples,
      double halfLife,
      @Nullable RouterModel from) {
    CostHead known = from == null ? null : from.costsOf(trained.llms());
    CostHead observed = CostTraining.observed(trained, samples, halfLife);
    CostHead costs = observed == null ? known : observed.or(known);
    return costs == null
        ? trained
        : ModelAssembly.named(
            trained.report().getOrDefault("recipe", "feedback"), trained.withCosts(costs));
  }
}
