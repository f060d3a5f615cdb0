package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.control.llm.RegisteredLlm;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.LlmStatus;
import dev.turnout.schema.RoutingDecision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What happens to LLMs on their topic takes effect on every router, none of which restarts. */
class LlmLifecycleIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final String ALPHA = "acme/alpha";
  private static final String BETA = "acme/beta";
  private static final String GAMMA = "acme/gamma";
  private static final String NEW = "acme/new";
  private static final int ROUND = 90;

  private int sent;

  /** Routes some queries and returns their decisions; both routers have taken part. */
  private List<RoutingDecision> decisions(RealKafka kafka) throws InterruptedException {
    int before = sent;
    sent += ROUND;
    kafka.sendQueries(before, sent);
    RealKafka.await(
        sent + " decisions",
        PATIENCE,
        () -> kafka.committed(List.of(kafka.topics.decisions())).size() == sent);
    List<RoutingDecision> all =
        kafka.committed(kafka.topics.decisions(), RoutingDecision.class).stream()
            .filter(decision -> Integer.parseInt(decision.getQueryId().substring(2)) >= before)
            .toList();
    assertThat(all).hasSize(ROUND);
    assertThat(all.stream().map(RoutingDecision::getRouterId).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("one", "two");
    return all;
  }

  private static void awaitKnown(List<Router> routers, String llm, Predicate<LlmProfile> expected)
      throws InterruptedException {
    RealKafka.await(
        llm + " to be known to both",
        PATIENCE,
        () ->
            routers.stream()
                .allMatch(
                    router -> {
                      RegisteredLlm known = router.serving().directory().find(llm);
                      return known != null && expected.test(known.profile());
                    }));
  }

  private static LlmScore place(RoutingDecision decision, String llm) {
    return decision.getRanking().stream()
        .filter(score -> score.getLlm().equals(llm))
        .findFirst()
        .orElseThrow(() -> new AssertionError(llm + " is not ranked in " + decision));
  }

  @Test
  void shouldTakeEffectOnEveryRouterWithoutARestart() throws Exception {
    try (RealKafka kafka = RealKafka.withTopics("lifecycle");
        LlmPublisher llms = LlmPublisher.open(kafka.topics.llms(), kafka.clientConfig())) {
      // given
      kafka.publishLlms();
      kafka.publishModel("m1");
      try (Router one =
              Router.start(
                  kafka.settings("router.id", "one", "router.policy", "random"),
                  new TinyEncoder(),
                  new SimpleMeterRegistry());
          Router two =
              Router.start(
                  kafka.settings("router.id", "two", "router.policy", "random"),
                  new TinyEncoder(),
                  new SimpleMeterRegistry())) {
        List<Router> both = List.of(one, two);
        RealKafka.await(
            "both to be ready",
            PATIENCE,
            () -> both.stream().allMatch(router -> router.status().ready()));
        List<RoutingDecision> first = decisions(kafka);
        double usual = place(first.get(0), BETA).getExpectedCostUsd();
        assertThat(first.stream().map(RoutingDecision::getLlm).collect(Collectors.toSet()))
            .containsExactlyInAnyOrder(ALPHA, BETA, GAMMA);

        // when a price changes
        llms.publish(
            profile(kafka, BETA)
                .setInputUsdPerMillionTokens(100.0)
                .setOutputUsdPerMillionTokens(200.0)
                .build());
        awaitKnown(both, BETA, llm -> llm.getOutputUsdPerMillionTokens() == 200.0);

        // then every decision reckons with it
        assertThat(decisions(kafka))
            .allSatisfy(
                decision ->
                    assertThat(place(decision, BETA).getExpectedCostUsd())
                        .isGreaterThan(50 * usual));

        // when one is drained
        llms.publish(profile(kafka, ALPHA).setStatus(LlmStatus.DRAINING).build());
        awaitKnown(both, ALPHA, llm -> llm.getStatus() == LlmStatus.DRAINING);

        // then it gets nothing new
        assertThat(decisions(kafka))
            .allSatisfy(
                decision -> {
                  assertThat(decision.getLlm()).isNotEqualTo(ALPHA);
                  assertThat(place(decision, ALPHA).getEligible()).isFalse();
                });

        // when one is added with the embedding that its probes gave it, and one is retired
        int dimension =
            java.util.Objects.requireNonNull(one.serving().model()).projectedDimension();
        llms.publish(
            profile(kafka, NEW)
                .setEmbedding(
                    ByteBuffer.allocate(Float.BYTES * dimension).order(ByteOrder.LITTLE_ENDIAN))
                .setEmbeddingModelVersion("m1")
                .build());
        llms.retire(GAMMA);
        awaitKnown(both, NEW, llm -> true);
        RealKafka.await(
            GAMMA + " to be unknown to both",
            PATIENCE,
            () ->
                both.stream().allMatch(router -> router.serving().directory().find(GAMMA) == null));

        // then the one takes part and the other does not
        assertThat(
                decisions(kafka).stream().map(RoutingDecision::getLlm).collect(Collectors.toSet()))
            .containsExactlyInAnyOrder(BETA, NEW);
      }
      assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();
    }
  }

  private static LlmProfile.Builder profile(RealKafka kafka, String llm) {
    return TinyModels.profile(llm).setTopic(kafka.topics.requests(llm));
  }
}
