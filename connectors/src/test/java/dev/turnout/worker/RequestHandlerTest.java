package dev.turnout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.SettingValues;
import dev.turnout.llm.LlmClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Clock;
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
    WorkerSettings settings =
        WorkerSettings.from(
            SettingValues.of(
                Map.of(
                    "worker.llm",
                    "some",
                    "worker.retry-delay",
                    "1ms",
                    "kafka.bootstrap.servers",
                    "localhost:1",
                    "registry.turnout.serde.class",
                    UnreachableSerde.class.getName())));
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    LlmClient unasked = request -> CompletableFuture.failedFuture(new AssertionError("was asked"));
    try (OutcomePublisher publisher = new OutcomePublisher(settings, Runnable::run)) {
      RequestHandler handler =
          new RequestHandler(
              settings, unasked, publisher, metrics, Runnable::run, Clock.systemUTC());

      // when
      Acknowledgement result =
          handler
              .handle(new ConsumerRecord<>("requests", 0, 0, new byte[] {1}, new byte[] {2}), 1)
              .get(10, TimeUnit.SECONDS);

      // then
      assertThat(result).isEqualTo(Acknowledgement.AGAIN);
      assertThat(metrics.find("turnout.worker.dead.letters").counter()).isNull();
    }
  }
}
