package dev.turnout.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.config.SettingValues;
import dev.turnout.kafka.member.Slots;
import dev.turnout.llm.LlmClient;
import dev.turnout.worker.cancel.CancelledAsks;
import dev.turnout.worker.failover.FailOver;
import dev.turnout.worker.failover.WorkerPlace;
import dev.turnout.worker.pace.LlmPace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class RequestHandlerTest {

  /** Fails as serdes of others do when their registry is away. */
  public static final class UnreachableSerde implements Serde<Object> {
    @Override
    public Serializer<Object> serializer() {
      return (topic, value) -> new byte[0];
    }

    @Override
    public Deserializer<Object> deserializer() {
      return (topic, bytes) -> {
        throw new SerializationException("no schema", new ConnectException("refused"));
      };
    }
  }

  @Test
  void shouldNotBlameARequestForAnOutageOfTheRegistry() throws Exception {
    // given
    WorkerSettings settings = settings();
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    LlmClient unasked = request -> CompletableFuture.failedFuture(new AssertionError("was asked"));
    try (OutcomePublisher publisher = new OutcomePublisher(settings, Runnable::run)) {
      RequestHandler handler = handler(settings, unasked, publisher, metrics);

      // when it is delivered as often as it may be asked for
      CompletableFuture<Acknowledgement> result =
          handler.handle(new ConsumerRecord<>("requests", 0, 0, new byte[] {1}, new byte[] {2}), 5);

      // then it waits, and the worker can say for what
      Instant later = Instant.now().plusSeconds(60);
      assertThat(result).isNotDone();
      assertThat(handler.problem(later, Duration.ofSeconds(30)))
          .contains("1 requests wait since", "no schema");
      assertThat(handler.problem(Instant.now(), Duration.ofSeconds(30))).isNull();

      // and a worker that closes gives it back
      handler.close();
      assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(Acknowledgement.AGAIN);
      assertThat(handler.problem(later, Duration.ofSeconds(30))).isNull();
      assertThat(metrics.find("turnout.worker.dead.letters").counter()).isNull();
    }
  }

  @Test
  void shouldNotWaitOnTheDeliveryAfterWhichTheBrokerDropsARequest() throws Exception {
    // given
    WorkerSettings settings = settings();
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    LlmClient unasked = request -> CompletableFuture.failedFuture(new AssertionError("was asked"));
    try (OutcomePublisher publisher = new OutcomePublisher(settings, Runnable::run)) {
      RequestHandler handler = handler(settings, unasked, publisher, metrics);

      // when
      CompletableFuture<Acknowledgement> unusedResult =
          handler.handle(
              new ConsumerRecord<>("requests", 0, 0, new byte[] {1}, new byte[] {2}), 10);

      // then
      assertThat(
              metrics
                  .get("turnout.worker.dead.letters")
                  .tag("reason", "ATTEMPTS_EXHAUSTED")
                  .counter()
                  .count())
          .isEqualTo(1);
      handler.close();
    }
  }

  @Test
  void shouldKeepADeliveryInReserve() {
    assertThat(DeliveryLimits.ofShareGroup(5, 10)).isEqualTo(new DeliveryLimits.Fixed(5, 10));
    assertThat(DeliveryLimits.ofShareGroup(5, 5)).isEqualTo(new DeliveryLimits.Fixed(4, 5));
    assertThat(DeliveryLimits.ofShareGroup(100, 10)).isEqualTo(new DeliveryLimits.Fixed(9, 10));
    assertThatThrownBy(() -> new DeliveryLimits.Fixed(5, 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RequestHandler handler(
      WorkerSettings settings,
      LlmClient client,
      OutcomePublisher publisher,
      SimpleMeterRegistry metrics) {
    return new RequestHandler(
        settings,
        DeliveryLimits.ofShareGroup(5, 10),
        client,
        new FailOver(
            settings.failOver(),
            new WorkerPlace("some", "w", 1, settings.topics(), settings.kafka(), settings.serde()),
            client,
            Clock.systemUTC()),
        new LlmPace("some", 8, true, new Slots(8), metrics),
        publisher,
        metrics,
        new RequestHandler.Threads(Runnable::run, Runnable::run),
        Clock.systemUTC(),
        new CancelledAsks());
  }

  private static WorkerSettings settings() {
    return WorkerSettings.from(
        SettingValues.of(
            Map.of(
                "worker.llm",
                "some",
                "worker.retry-delay",
                "1ms",
                "kafka.bootstrap.servers",
                "localhost:1",
                "kafka.max.block.ms",
                "10",
                "registry.turnout.serde.class",
                UnreachableSerde.class.getName())));
  }
}
