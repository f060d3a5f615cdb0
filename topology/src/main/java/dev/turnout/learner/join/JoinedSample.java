package dev.turnout.learner.join;

import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import java.nio.ByteBuffer;

/** A decision and one of its grades, that fit together. */
record JoinedSample(RoutingDecision decision, Grade grade, ByteBuffer embedding, boolean shadow) {

  /** What comes of pairing a decision with a grade. */
  sealed interface Pairing {
    record Fits(JoinedSample sample) implements Pairing {}

    record Refused(FeedbackRefusal reason, String detail) implements Pairing {}
  }

  /** Pairs a decision with a grade of the same query. */
  static Pairing of(RoutingDecision decision, Grade grade) {
    boolean shadow = !decision.getLlm().equals(grade.getLlm());
    if (shadow && !decision.getShadow().contains(grade.getLlm())) {
      return new Pairing.Refused(
          FeedbackRefusal.WRONG_LLM,
          "query \""
              + grade.getQueryId()
              + "\" went to "
              + decision.getLlm()
              + ", but the grade is for "
              + grade.getLlm());
    }
    ByteBuffer embedding = decision.getEmbedding();
    if (embedding == null) {
      return new Pairing.Refused(
          FeedbackRefusal.NO_EMBEDDING,
          "the decision of query \"" + grade.getQueryId() + "\" carries no embedding");
    }
    return new Pairing.Fits(new JoinedSample(decision, grade, embedding, shadow));
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
        .setEncoderId(decision.getEncoderId())
        .setCell(decision.getCell())
        .setLlm(grade.getLlm())
        .setReward(reward())
        .setPropensity(shadow ? 1 : decision.getPropensity())
        .setPropensities(decision.getRanking().stream().map(LlmScore::getPropensity).toList())
        .setLlms(decision.getRanking().stream().map(LlmScore::getLlm).toList())
        .setCostUsd(cost.costUsd())
        .setLatencyMs(cost.latencyMs())
        .setPolicy(decision.getPolicy())
        .setModelVersion(decision.getModelVersion())
        .setGrader(grade.getGrader())
        .setShadow(shadow)
        .setDecidedAt(decision.getDecidedAt())
        .setGradedAt(grade.getGradedAt())
        .build();
  }
}
