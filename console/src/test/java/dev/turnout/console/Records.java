package dev.turnout.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.schema.Fallback;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.serde.HalfPrecision;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Records as routers, workers and graders write them. */
public final class Records {
  private Records() {}

  public static RoutingDecision decision(String id, String llm, Instant at, float... embedding) {
    return RoutingDecision.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setRanking(List.of(score(llm, 0.8, 0.002), score("gamma", 0.9, 0.03)))
        .setPropensity(0.7)
        .setPolicy("thompson")
        .setModelVersion("m1")
        .setEncoderId("static:1")
        .setExplored(false)
        .setOutOfDistribution(false)
        .setFallback(Fallback.NONE)
        .setReason(llm + " is predicted to answer well for less")
        .setCell(0)
        .setEmbedding(embedding.length == 0 ? null : HalfPrecision.pack(embedding))
        .setDecidedAt(at.truncatedTo(ChronoUnit.MILLIS))
        .setQueueMicros(1_500)
        .setEncodeMicros(300)
        .setDecideMicros(200)
        .setBatchSize(4)
        .build();
  }

  public static LlmScore score(String llm, double success, double cost) {
    return LlmScore.newBuilder()
        .setLlm(llm)
        .setScore(success - 0.3)
        .setProbability(0.5)
        .setPredictedSuccess(success)
        .setExpectedCostUsd(cost)
        .setExpectedLatencyMs(800.0)
        .setPropensity(0.5)
        .setEligible(true)
        .build();
  }

  public static Outcome outcome(String id, String llm, String text, Instant at) {
    return Outcome.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setStatus(OutcomeStatus.SUCCEEDED)
        .setAnswer("The answer to: " + text)
        .setQueryText(text)
        .setCostUsd(0.002)
        .setLatencyMs(640L)
        .setPromptTokens(42L)
        .setCompletionTokens(120L)
        .setFinishedAt(at.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  public static Grade grade(String id, String llm, String grader, double reward, Instant at) {
    return Grade.newBuilder()
        .setQueryId(id)
        .setLlm(llm)
        .setGrader(grader)
        .setReward(reward)
        .setGradedAt(at.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  /** A piece of an answer comes. */
  public static void say(AskListener listener, String text) {
    listener.chunks(new AskListener.Source("gamma", "m1", 1), List.of(piece(text)));
  }

  /** A chunk as LLMs stream it. */
  static String piece(String text) {
    ObjectNode chunk = Json.object();
    chunk.putArray("choices").addObject().putObject("delta").put("content", text);
    return chunk.toString();
  }
}
