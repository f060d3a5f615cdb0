package dev.turnout.learner.join;

import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import java.nio.ByteBuffer;

/**
 * A decision and one of its grades, that fit together.
 *
 * <p>An answer by an LLM that another failed before is learnt from like that of a shadow: it says
 * how well the LLM answers, but the policy did not draw it, so no estimate of a policy may count it
 * as drawn. The LLM that failed has no answer, so no grade and no sample: an outage is not quality.
 *
 * @param shadow whether the policy drew another LLM
 */
record JoinedSample(RoutingDecision decision, Grade grade, ByteBuffer embedding, boolean shadow) {

  /** What comes of pairing a decision with a grade. */
  sealed interface Pairing {
    record Fits(JoinedSample sample) implements Pairing {}

    record Refused(FeedbackRefusal reason, String detail) implements Pairing {}

    /** It fits if an outcome comes which says that the LLM answered after another had failed. */
    record Open() implements Pairing {}
  }

  /**
   * Pairs a decision with a grade of the same query.
   *
   * @param instead whether an outcome says that the LLM answered after another had failed
   */
  static Pairing of(RoutingDecision decision, Grade grade, boolean instead) {
    boolean shadow = !decision.getLlm().equals(grade.getLlm());
    if (shadow && !decision.getShadow().contains(grade.getLlm()) && !instead) {
      return mayAnswer(decision, grade.getLlm())
          ? new Pairing.Open()
          : new Pairing.Refused(FeedbackRefusal.WRONG_LLM, wrongLlm(grade, decision.getLlm()));
    }
    ByteBuffer embedding = decision.getEmbedding();
    if (embedding == null) {
      return new Pairing.Refused(
          FeedbackRefusal.NO_EMBEDDING,
          "the decision of query \"" + grade.getQueryId() + "\" carries no embedding");
    }
    return new Pairing.Fits(new JoinedSample(decision, grade, embedding, shadow));
  }

  private static boolean mayAnswer(RoutingDecision decision, String llm) {
    return decision.getRanking().stream()
        .anyMatch(place -> place.getLlm().equals(llm) && place.getEligible());
  }

  private static String wrongLlm(Grade grade, String llm) {
    return "query \""
        + grade.getQueryId()
        + "\" went to "
        + llm
        + ", but the grade is for "
        + grade.getLlm();
  }

  /** The reward within 0..1: winsorised, so that one beyond the scale counts as its end. */
  double reward() {
    return Math.max(0, Math.min(1, grade.getReward()));
  }

  /** The record to learn from. */
  TrainingSample record(AnswerCost cost) {
    return TrainingSample.newBuilder()
        .setQueryId(decision.getQueryId())
        .setTenant(decision.getTenant())
        .setEmbedding(embedding)
        .setSurface(decision.getSurface())
        .setEncoderId(decision.getEncoderId())
        .setCell(decision.getCell())
        .setLlm(grade.getLlm())
        .setReward(reward())
        .setPropensity(shadow ? 1 : decision.getPropensity())
        .setPropensities(decision.getRanking().stream().map(LlmScore::getPropensity).toList())
        .setLlms(decision.getRanking().stream().map(LlmScore::getLlm).toList())
        .setCostUsd(cost.costUsd())
        .setLatencyMs(cost.latencyMs())
        .setCompletionTokens(cost.completionTokens())
        .setPolicy(decision.getPolicy())
        .setModelVersion(decision.getModelVersion())
        .setGrader(grade.getGrader())
        .setShadow(shadow)
        .setDecidedAt(decision.getDecidedAt())
        .setGradedAt(grade.getGradedAt())
        .build();
  }
}
