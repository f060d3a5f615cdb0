package dev.turnout.router.decide;

import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.router.RouterSettings;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A choice as the record that is published of it, complete but for its timings. */
final class DecisionRecords {
  private DecisionRecords() {}

  /**
   * Writes a choice down.
   *
   * @param wouldBe what a model in shadow would have chosen; null without one
   * @param encoderId the encoder that made the embedding
   * @param settings say which router it is
   */
  static RoutingDecision.Builder of(
      Decision choice,
      @Nullable ShadowChoice wouldBe,
      String encoderId,
      RouterSettings settings,
      Instant now) {
    RouterModel model = choice.model();
    Scores scores = choice.scores();
    float[] embedding = choice.embedding();
    Selection selection = choice.selection();
    return RoutingDecision.newBuilder()
        .setQueryId(choice.query().getId())
        .setTenant(choice.query().getTenant())
        .setLlm(choice.llm())
        .setRanking(ranking(choice.candidates(), selection))
        .setPropensity(selection.propensities()[selection.chosen()])
        .setPolicy(choice.policy())
        .setModelVersion(model == null ? "" : model.version())
        .setEncoderId(encoderId)
        .setRouterId(settings.routerId())
        .setRouterVersion(settings.routerVersion())
        .setExplored(selection.explored())
        .setOutOfDistribution(scores != null && scores.outOfDistribution())
        .setDistance(scores == null ? null : (Double) scores.distance())
        .setFallback(choice.fallback())
        .setReason(choice.reason())
        .setCell(scores == null || scores.cell() < 0 ? null : (Integer) scores.cell())
        .setEmbedding(embedding == null ? null : HalfPrecision.pack(embedding))
        .setDecidedAt(now)
        .setShadow(choice.shadowLlms())
        .setStagedModelVersion(wouldBe == null ? null : wouldBe.modelVersion())
        .setStagedLlm(wouldBe == null ? null : wouldBe.llm());
  }

  private static List<LlmScore> ranking(List<Candidate> candidates, Selection selection) {
    List<LlmScore> ranking = new ArrayList<>(candidates.size());
    for (int index : selection.order()) {
      Candidate candidate = candidates.get(index);
      ranking.add(
          new LlmScore(
              candidate.llm(),
              candidate.score(),
              candidate.probability(),
              candidate.predictedSuccess(),
              known(candidate.expectedCostUsd()),
              known(candidate.expectedLatencyMs()),
              selection.propensities()[index],
              candidate.eligible(),
              candidate.ineligibleReason()));
    }
    return ranking;
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : (Double) value;
  }
}
