package dev.turnout.router.decide;

import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.model.RouterModel;
import dev.turnout.model.Scores;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Selection;
import dev.turnout.policy.session.Incumbent;
import dev.turnout.router.RouterSettings;
import dev.turnout.router.encode.EncodedQuery;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.HalfPrecision;
import dev.turnout.topic.BoundedText;
import dev.turnout.topic.FieldLimits;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is to answer a query, how that came about, and the record that is published of it.
 *
 * @param encoded the query's vector; without one when encoding failed
 * @param scores null when the query could not be scored
 * @param candidates in the table's order
 * @param policy its name, {@code fallback} when the query could not be scored
 * @param incumbent the LLM that answered the query's conversation last; null when none is known
 * @param shadows positions of candidates that are asked for grading only
 * @param notes sentences that are added to the selection's reason
 */
record Decision(
    Query query,
    CandidateTable table,
    EncodedQuery encoded,
    @Nullable Scores scores,
    List<Candidate> candidates,
    String policy,
    Selection selection,
    @Nullable Incumbent incumbent,
    Fallback fallback,
    List<Integer> shadows,
    List<String> notes) {

  String llm() {
    return candidates.get(selection.chosen()).llm();
  }

  String topic() {
    return table.topic(selection.chosen(), query.getPriority());
  }

  /** Where copies for grading only go. */
  List<String> shadowTopics() {
    return shadows.isEmpty()
        ? List.of()
        : shadows.stream().map(shadow -> table.topic(shadow, query.getPriority())).toList();
  }

  /** Every LLM that gets the query, the chosen one first. */
  List<Candidate> asked() {
    List<Candidate> asked = new ArrayList<>(1 + shadows.size());
    asked.add(candidates.get(selection.chosen()));
    shadows.forEach(shadow -> asked.add(candidates.get(shadow)));
    return asked;
  }

  /**
   * The record that is published, complete but for the times that only the processor knows.
   *
   * @param staged the same query decided by a model in shadow; null without one
   * @param settings say which router it is
   */
  RoutingDecision.Builder record(@Nullable Decision staged, RouterSettings settings, Instant now) {
    float[] embedding = encoded.embedding();
    QuerySurface surface = encoded.surface();
    return RoutingDecision.newBuilder()
        .setQueryId(query.getId())
        .setTenant(query.getTenant())
        .setLlm(llm())
        .setRanking(ranking())
        .setPropensity(selection.propensities()[selection.chosen()])
        .setPolicy(policy)
        .setModelVersion(modelVersion())
        .setEncoderId(encoded.encoderId())
        .setRouterId(settings.routerId())
        .setRouterVersion(settings.routerVersion())
        .setExplored(selection.explored())
        .setOutOfDistribution(scores != null && scores.outOfDistribution())
        .setDistance(scores == null ? null : (Double) scores.distance())
        .setFallback(fallback)
        .setReason(BoundedText.cut(reason(), FieldLimits.REASON))
        .setCell(scores == null || scores.cell() < 0 ? null : (Integer) scores.cell())
        .setEmbedding(embedding == null ? null : HalfPrecision.pack(embedding))
        .setSurface(surface == null ? null : ByteBuffer.wrap(surface.toBytes()))
        .setBatchSize(encoded.batchSize())
        .setEncodeMicros(encoded.encodeMicros())
        .setDecidedAt(now)
        .setShadow(shadows.stream().map(shadow -> candidates.get(shadow).llm()).toList())
        .setStagedModelVersion(staged == null ? null : staged.modelVersion())
        .setStagedLlm(staged == null ? null : staged.llm())
        .setPreviousLlm(incumbent == null ? null : candidates.get(incumbent.candidate()).llm())
        .setSwitchCostUsd(switchCostUsd());
  }

  /** What the change of LLMs costs, or would have cost to the best of the others. */
  private @Nullable Double switchCostUsd() {
    if (incumbent == null || incumbent.prefixTokens() == 0) {
      return null;
    }
    int previous = incumbent.candidate();
    int other =
        selection.chosen() != previous
            ? selection.chosen()
            : selection.order().stream()
                .filter(i -> i != previous && candidates.get(i).eligible())
                .findFirst()
                .orElse(previous);
    return other == previous ? null : known(incumbent.switchCostUsd()[other]);
  }

  private String modelVersion() {
    RouterModel model = table.model();
    return model == null ? "" : model.version();
  }

  private String reason() {
    String reason = selection.reason();
    for (String note : notes) {
      reason = reason + "; " + note;
    }
    return table.isOnTrial() ? reason + "; model " + modelVersion() + " is on trial" : reason;
  }

  private List<LlmScore> ranking() {
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
              shortened(candidate.ineligibleReason())));
    }
    return ranking;
  }

  private static @Nullable String shortened(@Nullable String reason) {
    return reason == null ? null : BoundedText.cut(reason, FieldLimits.INELIGIBLE_REASON);
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : (Double) value;
  }
}
