package dev.turnout.gateway;

import dev.turnout.gateway.models.LlmDirectory;
import dev.turnout.gateway.models.RegisteredLlms;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.kafka.LoopState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What stands behind the gateway's endpoints.
 *
 * @param loops how its loops are doing
 * @param closing ends all of it
 */
record GatewayParts(
    QueryTraffic traffic, RegisteredLlms llms, Supplier<List<LoopState>> loops, Runnable closing) {

  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  /**
   * Everything by Kafka.
   *
   * @throws IllegalStateException if Kafka or a topic is not there
   */
  static GatewayParts onKafka(GatewaySettings settings, Clock clock, MeterRegistry metrics) {
    KafkaTraffic traffic = KafkaTraffic.start(settings, clock, metrics);
    LlmDirectory llms =
        new LlmDirectory(settings.kafka(), settings.serde(), settings.topics().llms());
    GatewayParts parts =
        new GatewayParts(
            traffic,
            llms,
            () -> Stream.concat(traffic.loops().stream(), Stream.of(llms.loop())).toList(),
            () -> {
              llms.close();
              traffic.close();
            });
    try {
      if (llms.awaitStart(LONGEST_START)) {
        return parts;
      }
      parts.closing().run();
      throw new IllegalStateException(
          "gateway: the topic "
              + settings.topics().llms()
              + " cannot be read; check that it is there and that the broker and the schema registry"
              + " answer");
    } catch (InterruptedException interrupted) {
      parts.closing().run();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("gateway: interrupted while starting", interrupted);
    }
  }
}
