package dev.turnout.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.RecordSender;
import dev.turnout.local.broker.FreePort;
import dev.turnout.local.registry.InProcessRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stops the schema registry while queries flow, and starts it again. */
class RegistryOutageIT {
  private static final Duration PATIENCE = RealKafka.PATIENCE;
  private static final int UNKNOWN_ID = 4_711;

  private static byte[] poison() {
    return ByteBuffer.allocate(9).put((byte) 0).putInt(UNKNOWN_ID).putInt(0x02020202).array();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** When what fails already has failed for too long, and what turns has not stood for so long. */
  private static Instant soon() {
    return Instant.now().plus(LoopState.TOLERATED).minusSeconds(3);
  }

  @Test
  void shouldRouteOnByCachedSchemasAndLoseNothing(@TempDir Path dir) throws Exception {
    // given a router that routes
    int port = FreePort.find();
    InProcessRegistry registry = InProcessRegistry.start(port, dir.resolve("registry.json"));
    String url = registry.url();
    try (RealKafka kafka = RealKafka.withTopics("outage", url)) {
      kafka.publishLlms();
      kafka.publishModel("m1");
      kafka.sendQueries(0, 100);
      try (Router router =
              Router.start(kafka.settings(), new TinyEncoder(), new SimpleMeterRegistry());
          RecordSender followers = RecordSender.open(kafka.clientConfig())) {
        RealKafka.await("100 decisions", PATIENCE, () -> kafka.decisions().size() == 100);

        // when the registry is gone and queries go on
        registry.close();
        kafka.sendQueries(100, 1_100);

        // then they are routed by the schemas that are known
        RealKafka.await("1,100 decisions", PATIENCE, () -> kafka.decisions().size() == 1_100);
        assertThat(router.status().ready()).as("%s", router.status()).isTrue();

        // when records whose schema nobody knows come meanwhile, and queries behind them
        for (int i = 0; i < 3; i++) {
          kafka.send("poison-" + i, poison());
        }
        followers.send(kafka.topics.llms(), "poison", (topic, data) -> data, poison()).get();
        kafka.sendQueries(1_100, 1_400);
        // longer than a processor waits for the registry before it starts its transaction over
        Thread.sleep(8_000);

        // then nothing is refused: whether the schema exists cannot be told
        assertThat(kafka.committed(List.of(kafka.topics.dlq()))).isEmpty();
        assertThat(router.status().live()).as("%s", router.status()).isTrue();

        // and if it lasts, the router says that it cannot follow the LLMs, what to do, and that its
        // threads wait
        String following = "turnout-follow-" + kafka.topics.llms();
        RealKafka.await(
            "a follower that fails",
            PATIENCE,
            () ->
                router.status(soon()).problems().stream()
                    .anyMatch(
                        problem ->
                            problem.startsWith(following)
                                && problem.contains("schema.registry.url")));
        RouterStatus later = router.status(soon());
        assertThat(later.live()).isTrue();
        assertThat(later.problems())
            .anySatisfy(
                problem ->
                    assertThat(problem).contains(following, "failing", "schema.registry.url"))
            .allMatch(
                problem ->
                    problem.startsWith(following)
                        || (problem.contains("turnout-router has been failing")
                            && problem.contains("waits for an outage")));

        // when the registry is back
        registry = InProcessRegistry.start(port, dir.resolve("registry.json"));

        // then these records are dead-lettered and the queries behind them are routed
        RealKafka.await("1,400 decisions", PATIENCE, () -> kafka.decisions().size() == 1_400);
        RealKafka.await(
            "3 dead letters",
            PATIENCE,
            () -> kafka.committed(List.of(kafka.topics.dlq())).size() == 3);
        assertThat(router.status().ready()).as("%s", router.status()).isTrue();
      }
      kafka.requireEachOnce(1_400);
      for (ConsumerRecord<byte[], byte[]> letter : kafka.committed(List.of(kafka.topics.dlq()))) {
        assertThat(header(letter, "turnout.dlq.reason")).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(letter.value()).isEqualTo(poison());
      }
    } finally {
      registry.close();
    }
  }
}
