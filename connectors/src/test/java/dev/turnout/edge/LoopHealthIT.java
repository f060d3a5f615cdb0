package dev.turnout.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.gateway.Gateway;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.grader.Grader;
import dev.turnout.grader.GraderSettings;
import dev.turnout.grader.check.CheckGrader;
import dev.turnout.grader.check.ExactCheck;
import dev.turnout.grader.check.ExpectedText;
import dev.turnout.kafka.LoopHealth;
import dev.turnout.kafka.LoopState;
import dev.turnout.llm.LlmClient;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.worker.LlmWorker;
import dev.turnout.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the probes of gateway, grader and worker say when a loop of theirs cannot do its work. */
class LoopHealthIT {
  private static final String LLM = "acme/small";
  private static final byte[] UNKNOWN_SCHEMA = {0, 0, 0, 0, 77, 1};
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static EdgeCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EdgeCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Where no registry is. */
  private static String away() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      return "http://localhost:" + free.getLocalPort();
    }
  }

  /** Waits until a loop fails, then tells how it looks when that has lasted. */
  private static LoopHealth awaitFailing(Function<Instant, LoopHealth> health) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      LoopHealth later = health.apply(Instant.now().plus(LoopState.TOLERATED.multipliedBy(4)));
      if (later.problems().stream().anyMatch(problem -> problem.contains("failing since"))
          || System.nanoTime() > end) {
        return later;
      }
      Thread.sleep(50);
    }
  }

  private static void requireNotReady(Function<Instant, LoopHealth> health, String name)
      throws Exception {
    LoopHealth failing = awaitFailing(health);
    assertThat(failing.live()).isTrue();
    assertThat(failing.ready()).isFalse();
    // the moment is a later one, at which loops that are well would have to be asked again
    assertThat(failing.problems())
        .filteredOn(problem -> problem.contains("failing since"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith(name);
  }

  private static void requireNotLive(Function<Instant, LoopHealth> health, String name) {
    LoopHealth ended = health.apply(Instant.now());
    assertThat(ended.live()).isFalse();
    assertThat(ended.problems()).anyMatch(problem -> problem.startsWith(name + " has ended"));
  }

  @Test
  void shouldTellOfAGraderThatCannotReadOutcomes() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    Grader grader =
        Grader.start(
            GraderSettings.from(cluster.values(topics, "grader.id", "g", "registry.url", away())),
            new CheckGrader(new ExactCheck(), new ExpectedText("expected", null)),
            new SimpleMeterRegistry());
    assertThat(grader.health(Instant.now()).ready()).isTrue();

    // when
    cluster.sendBytes(topics.outcomes(), "q", UNKNOWN_SCHEMA);

    // then
    requireNotReady(grader::health, "grader-g");
    grader.close();
    requireNotLive(grader::health, "grader-g");
  }

  @Test
  void shouldTellOfAGatewayThatCannotReadWhichLlmsThereAre() throws Exception {
    // given
    TopicCatalogue topics = cluster.freshTopics();
    Gateway gateway =
        Gateway.start(
            GatewaySettings.from(
                cluster.values(topics, "gateway.port", "0", "registry.url", away())),
            new SimpleMeterRegistry());
    assertThat(gateway.health(Instant.now()).ready()).isTrue();

    // when
    cluster.sendBytes(topics.llms(), "acme/small", UNKNOWN_SCHEMA);

    // then
    requireNotReady(gateway::health, "gateway-llms");
    gateway.close();
    requireNotLive(gateway::health, "gateway-llms");
  }

  @Test
  void shouldTellOfAWorkerWhoseGroupIsOfAnotherKind() throws Exception {
    // given a pool by share group
    TopicCatalogue topics = cluster.freshTopics(LLM);
    LlmClient silent = request -> new CompletableFuture<>();
    cluster.add(topics, LLM);
    cluster.sendBytes(topics.requests(LLM), "q", new byte[] {9});
    try (LlmWorker shares =
        LlmWorker.start(
            WorkerSettings.from(
                cluster.values(topics, "worker.llm", LLM, "worker.delivery", "share-group")),
            silent,
            new SimpleMeterRegistry())) {
      assertThat(cluster.readBytes(topics.dlq(), letters -> !letters.isEmpty())).hasSize(1);
      assertThat(shares.health(Instant.now()).ready()).isTrue();

      // when another of the same group comes by consumer group
      LlmWorker other =
          LlmWorker.start(
              WorkerSettings.from(
                  cluster.values(topics, "worker.llm", LLM, "worker.delivery", "consumer-group")),
              silent,
              new SimpleMeterRegistry());

      // then
      requireNotReady(other::health, "worker-" + LLM + "-0");
      other.close();
      requireNotLive(other::health, "worker-" + LLM + "-0");
    }
  }
}
