package dev.turnout.worker.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.availability.WorkerReports;
import dev.turnout.edge.EdgeCluster;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmClient;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.LlmException.Kind;
import dev.turnout.llm.LlmException.Refusal;
import dev.turnout.schema.AvailabilityState;
import dev.turnout.schema.LlmAvailability;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What workers of one LLM tell each other, on a real broker. */
class LlmWatchIT {
  private static final String LLM = "acme/small";

  private static EdgeCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EdgeCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** An LLM as one worker sees it. */
  private static final class Seen implements LlmClient {
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger probes = new AtomicInteger();
    volatile @Nullable LlmException failure;

    @Override
    public CompletableFuture<Completion> complete(RoutedRequest request) {
      (request.getQuery().getId().startsWith("probe-") ? probes : calls).incrementAndGet();
      LlmException thrown = failure;
      return thrown == null
          ? CompletableFuture.completedFuture(new Completion("yes", 1L, 1L, null, null))
          : CompletableFuture.failedFuture(thrown);
    }
  }

  @Test
  void shouldStopAllWorkersByTheWordOfOneAndStartThemAgain() throws Exception {
    // given two workers that ask at the same place, and a third that asks elsewhere
    TopicCatalogue topics = cluster.freshTopics(LLM);
    cluster.add(topics, LLM);
    Seen one = new Seen();
    Seen two = new Seen();
    Seen elsewhere = new Seen();
    try (LlmWorker first = worker(topics, one, "http://here:1/v1");
        LlmWorker second = worker(topics, two, "http://here:1/v1")) {
      heard(topics, states -> count(states, AvailabilityState.UP) == 2);

      // when one of them is told that the key is wrong
      LlmException locked =
          new LlmException(Kind.MISCONFIGURED, "HTTP 401", null, new Refusal(401, null, null));
      one.failure = locked;
      two.failure = locked;
      send(topics, "q0");
      Outcome failed = outcomes(topics, 1).get(0);

      // then one call was made, and the other knows without one
      assertThat(failed.getStatus()).isEqualTo(OutcomeStatus.FAILED);
      assertThat(failed.getHttpStatus()).isEqualTo(401);
      List<LlmAvailability> down =
          heard(topics, states -> count(states, AvailabilityState.DOWN) == 2);
      assertThat(down)
          .allSatisfy(said -> assertThat(said.getReason()).startsWith("HTTP 401"))
          .filteredOn(said -> said.getEndpoint() != null)
          .hasSize(1);
      send(topics, "q1");
      send(topics, "q2");
      assertThat(outcomes(topics, 3))
          .allSatisfy(each -> assertThat(each.getStatus()).isEqualTo(OutcomeStatus.FAILED))
          .filteredOn(each -> !each.getQueryId().equals("q0"))
          .allSatisfy(
              each -> {
                assertThat(each.getError()).contains("unavailable since", "HTTP 401");
                assertThat(each.getRetryAfterMs()).isNotNegative();
              });
      assertThat(one.calls.get() + two.calls.get()).isEqualTo(1);
      assertThat(Math.min(one.probes.get(), two.probes.get())).isZero();
      assertThat(first.health(Instant.now()).problems().toString()).contains("HTTP 401");
      assertThat(second.health(Instant.now()).ready()).isFalse();

      // and who asks elsewhere goes on
      try (LlmWorker third = worker(topics, elsewhere, "http://there:1/v1")) {
        heard(topics, states -> count(states, AvailabilityState.UP) == 1);
        assertThat(third.health(Instant.now()).ready()).isTrue();
      }

      // when it has the right one
      one.failure = null;
      two.failure = null;

      // then both are up by the finder's probe
      heard(topics, states -> count(states, AvailabilityState.UP) == 2);
      assertThat(Math.min(one.probes.get(), two.probes.get())).isZero();
      send(topics, "q3");
      assertThat(outcomes(topics, 4).get(3).getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
    }
    heard(topics, states -> count(states, AvailabilityState.LEFT) == 3);
  }

  @Test
  void shouldStopOneWorkerAloneWhenItsOwnWayIsBroken() throws Exception {
    // given one of two that has no connection, and says so without a word of the LLM
    TopicCatalogue topics = cluster.freshTopics(LLM);
    cluster.add(topics, LLM);
    Seen broken = new Seen();
    broken.failure = new LlmException(Kind.TRANSIENT, "not reachable", null);
    Seen well = new Seen();
    try (LlmWorker first = worker(topics, broken, "http://here:1/v1")) {
      for (int i = 0; i < 3; i++) {
        send(topics, "q" + i);
      }
      heard(topics, states -> count(states, AvailabilityState.DOWN) == 1);
      assertThat(first.health(Instant.now()).ready()).isFalse();
      try (LlmWorker second = worker(topics, well, "http://here:1/v1")) {
        // when it repeats itself
        List<LlmAvailability> states =
            heard(
                topics,
                said ->
                    count(said, AvailabilityState.UP) == 1
                        && count(said, AvailabilityState.DOWN) == 1);
        Instant from = states.get(0).getUpdatedAt();
        heard(
            topics,
            said ->
                said.stream().allMatch(each -> each.getUpdatedAt().isAfter(from.plusSeconds(2))));

        // then the other is up still, and so is the LLM
        WorkerReports reports = new WorkerReports();
        heard(topics, said -> true).forEach(said -> reports.hear(said, 0));
        assertThat(reports.unavailable(0)).isEmpty();
        assertThat(second.health(Instant.now()).problems()).isEmpty();
        assertThat(second.health(Instant.now()).ready()).isTrue();
      }
    }
  }

  private static LlmWorker worker(TopicCatalogue topics, LlmClient client, String url) {
    return LlmWorker.start(
        WorkerSettings.from(
            cluster.values(
                topics,
                "worker.llm",
                LLM,
                "worker.url",
                url,
                "worker.heartbeat",
                "500ms",
                "worker.patience",
                "1s")),
        client,
        new SimpleMeterRegistry());
  }

  private static void send(TopicCatalogue topics, String id) throws Exception {
    cluster.send(
        topics.requests(LLM), id, RoutedRequest.class, EdgeCluster.request(id, LLM, Map.of()));
  }

  private static List<Outcome> outcomes(TopicCatalogue topics, int count) {
    return cluster.read(topics.outcomes(), Outcome.class, read -> read.size() >= count);
  }

  private static long count(List<LlmAvailability> states, AvailabilityState state) {
    return states.stream().filter(said -> said.getState() == state).count();
  }

  /** The latest words of all workers, once they are as awaited. */
  private static List<LlmAvailability> heard(
      TopicCatalogue topics, Predicate<List<LlmAvailability>> awaited) {
    List<LlmAvailability> read =
        cluster.read(
            topics.availability(),
            LlmAvailability.class,
            words -> !words.isEmpty() && awaited.test(latest(words)));
    assertThat(awaited.test(latest(read))).as("%s", latest(read)).isTrue();
    return latest(read);
  }

  private static List<LlmAvailability> latest(List<LlmAvailability> words) {
    return List.copyOf(
        words.stream()
            .collect(
                Collectors.toMap(LlmAvailability::getWorker, said -> said, (older, newer) -> newer))
            .values());
  }
}
