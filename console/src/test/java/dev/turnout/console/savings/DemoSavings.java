package dev.turnout.console.savings;

import dev.turnout.console.Records;
import dev.turnout.offpolicy.savings.ScoredChoice;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.TrainingSample;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Graded traffic to look at: a cheap LLM that does for most, and two that are dearer. */
public final class DemoSavings {
  private static final List<String> LLMS = List.of("alpha", "beta", "gamma");
  private static final List<Double> PROPENSITIES = List.of(0.7, 0.2, 0.1);
  private static final double[] SUCCESS = {0.72, 0.78, 0.86};
  private static final double[] USD = {0.0005, 0.0014, 0.0045};

  private DemoSavings() {}

  /** A month of it. */
  public static SavingsView view(Instant now) {
    Random random = new Random(4);
    GradedTraffic traffic = new GradedTraffic();
    List<ScoredChoice> scored = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      double draw = random.nextDouble();
      int llm = draw < 0.7 ? 0 : draw < 0.9 ? 1 : 2;
      double ease = random.nextGaussian() * 0.1;
      double reward = random.nextDouble() < SUCCESS[llm] + ease ? 1 : 0;
      double usd = USD[llm] * Math.exp(random.nextGaussian() * 0.4);
      String id = "s-" + i;
      traffic.add(
          TrainingSample.newBuilder()
              .setQueryId(id)
              .setTenant(i % 3 == 0 ? "research" : "acme")
              .setEmbedding(ByteBuffer.allocate(0))
              .setEncoderId("static:1")
              .setCell(i % 4)
              .setLlm(LLMS.get(llm))
              .setReward(reward)
              .setPropensity(PROPENSITIES.get(llm))
              .setPropensities(PROPENSITIES)
              .setLlms(LLMS)
              .setCostUsd(usd)
              .setPolicy("thompson")
              .setModelVersion("m1")
              .setGrader("judge")
              .setDecidedAt(now.minus(Duration.ofMinutes(10L * (3_000 - i))))
              .setGradedAt(now.minus(Duration.ofMinutes(10L * (3_000 - i))))
              .build());
      List<LlmScore> ranking = new ArrayList<>();
      for (int each = 0; each < LLMS.size(); each++) {
        ranking.add(
            LlmScore.newBuilder(
                    Records.score(LLMS.get(each), SUCCESS[each] + (each + 1) * ease, USD[each]))
                .setPropensity(PROPENSITIES.get(each))
                .build());
      }
      RoutingDecision decision =
          RoutingDecision.newBuilder(Records.decision(id, LLMS.get(llm), now))
              .setRanking(ranking)
              .setPropensity(PROPENSITIES.get(llm))
              .build();
      ScoredDecision.of(decision, LLMS.get(llm), reward, usd).ifPresent(scored::add);
    }
    return new SavingsView(traffic, scored, 0.1);
  }
}
